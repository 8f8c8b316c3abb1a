/*
 * Characters, not bytes, are the alphabet: each character that occurs in a word gets a small number
 * (its class), the others are class 0 and lead back to the root at once. Edges live in one open
 * hash table keyed by (node, class): a dense table for 60,000 names would need 200,000 nodes x
 * 4,000 classes.
 */
#include "decide/automaton.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct node {
	uint32_t fail;
	uint32_t depth;	 /* characters */
	uint32_t output; /* first entry of outputs, 0 none */
	uint32_t jump;	 /* nearest node on the fail chain that has an output, 0 none */
	uint32_t parent, class;
};

struct output {
	uint32_t number, size; /* size: bytes of the word */
	uint32_t next;
};

struct automaton {
	struct node *nodes;
	size_t n_nodes, node_room;
	struct output *outputs; /* entry 0 is unused */
	size_t n_outputs, output_room;
	uint64_t *keys; /* node << 32 | class, 0 is empty (class is never 0) */
	uint32_t *targets;
	size_t n_edges, edge_room;
	uint16_t *low_class; /* classes of U+0000..U+FFFF */
	uint32_t n_classes;
	bool built;
};

struct automaton *
automaton_new(void)
{
	struct automaton *a = mem_zero(1, sizeof(*a));

	a->nodes = mem_zero(64, sizeof(*a->nodes));
	a->node_room = 64;
	a->n_nodes = 1;
	a->outputs = mem_zero(64, sizeof(*a->outputs));
	a->output_room = 64;
	a->n_outputs = 1;
	a->edge_room = 256;
	a->keys = mem_zero(a->edge_room, sizeof(*a->keys));
	a->targets = mem_zero(a->edge_room, sizeof(*a->targets));
	a->low_class = mem_zero(0x10000, sizeof(*a->low_class));
	return a;
}

void
automaton_free(struct automaton *a)
{
	if (!a)
		return;
	free(a->nodes);
	free(a->outputs);
	free(a->keys);
	free(a->targets);
	free(a->low_class);
	free(a);
}

static size_t
slot_of(const struct automaton *a, uint64_t key)
{
	size_t at = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (a->edge_room - 1);

	while (a->keys[at] != 0 && a->keys[at] != key)
		at = (at + 1) & (a->edge_room - 1);
	return at;
}

/* The child of a node by a class, or 0. */
static uint32_t
child(const struct automaton *a, uint32_t node, uint32_t class)
{
	uint64_t key = (uint64_t)node << 32 | class;
	size_t at = slot_of(a, key);

	return a->keys[at] == key ? a->targets[at] : 0;
}

static void
double_edges(struct automaton *a)
{
	uint64_t *keys = a->keys;
	uint32_t *targets = a->targets;
	size_t old = a->edge_room;

	a->edge_room *= 2;
	a->keys = mem_zero(a->edge_room, sizeof(*a->keys));
	a->targets = mem_zero(a->edge_room, sizeof(*a->targets));
	for (size_t i = 0; i < old; i++)
		if (keys[i]) {
			size_t at = slot_of(a, keys[i]);

			a->keys[at] = keys[i];
			a->targets[at] = targets[i];
		}
	free(keys);
	free(targets);
}

static uint32_t
add_child(struct automaton *a, uint32_t node, uint32_t class)
{
	uint64_t key = (uint64_t)node << 32 | class;
	struct node *fresh;
	size_t at;

	if ((a->n_edges + 1) * 2 > a->edge_room)
		double_edges(a);
	mem_grow(&a->nodes, &a->node_room, a->n_nodes);
	fresh = &a->nodes[a->n_nodes];
	memset(fresh, 0, sizeof(*fresh));
	fresh->depth = a->nodes[node].depth + 1;
	fresh->parent = node;
	fresh->class = class;
	at = slot_of(a, key);
	a->keys[at] = key;
	a->targets[at] = (uint32_t)a->n_nodes;
	a->n_edges++;
	return (uint32_t)a->n_nodes++;
}

/* Characters outside the basic plane share the classes of their low bits: a false step only costs a
 * check. */
static uint32_t
class_of(const struct automaton *a, uint32_t c)
{
	return c < 0x10000 ? a->low_class[c] : 0;
}

void
automaton_add(struct automaton *a, const char *word, uint32_t number)
{
	size_t n = strlen(word), at = 0, step;
	uint32_t node = 0;

	assert(!a->built && n > 0);
	while (at < n) {
		uint32_t c = utf8_decode(word + at, n - at, &step), class, next;

		if (c >= 0x10000)
			return; /* rare characters outside the basic plane are not indexed */
		if (a->low_class[c] == 0)
			a->low_class[c] = (uint16_t)++a->n_classes;
		class = a->low_class[c];
		next = child(a, node, class);
		node = next ? next : add_child(a, node, class);
		at += step;
	}
	mem_grow(&a->outputs, &a->output_room, a->n_outputs);
	a->outputs[a->n_outputs] = (struct output){number, (uint32_t)n, a->nodes[node].output};
	a->nodes[node].output = (uint32_t)a->n_outputs++;
}

static int
by_depth(const void *left, const void *right)
{
	const struct node *const *l = left, *const *r = right;

	return ((*l)->depth > (*r)->depth) - ((*l)->depth < (*r)->depth);
}

static void
link_node(struct automaton *a, struct node *node)
{
	uint32_t fail = a->nodes[node->parent].fail, to = 0;

	if (node->parent != 0)
		while ((to = child(a, fail, node->class)) == 0 && fail != 0)
			fail = a->nodes[fail].fail;
	node->fail = to;
	node->jump = a->nodes[to].output ? to : a->nodes[to].jump;
}

void
automaton_build(struct automaton *a)
{
	struct node **order = mem_zero(a->n_nodes, sizeof(struct node *));

	for (size_t i = 0; i < a->n_nodes; i++)
		order[i] = &a->nodes[i];
	qsort(order, a->n_nodes, sizeof(*order), by_depth);
	for (size_t i = 1; i < a->n_nodes; i++)
		link_node(a, order[i]);
	free(order);
	a->built = true;
}

void
automaton_scan(
    const struct automaton *a, const char *text, size_t n, automaton_hit_fn hit, void *context)
{
	uint32_t node = 0;
	size_t at = 0, step;

	assert(a->built);
	while (at < n) {
		uint32_t class = class_of(a, utf8_decode(text + at, n - at, &step)), next = 0;

		at += step;
		if (class == 0) {
			node = 0;
			continue;
		}
		while ((next = child(a, node, class)) == 0 && node != 0)
			node = a->nodes[node].fail;
		node = next;
		for (uint32_t o = a->nodes[node].output ? node : a->nodes[node].jump; o != 0;
		     o = a->nodes[o].jump)
			for (uint32_t i = a->nodes[o].output; i != 0; i = a->outputs[i].next)
				hit(context, a->outputs[i].number, at - a->outputs[i].size, at);
	}
}

size_t
automaton_nodes(const struct automaton *a)
{
	return a->n_nodes;
}

size_t
automaton_bytes(const struct automaton *a)
{
	return a->node_room * sizeof(*a->nodes) + a->output_room * sizeof(*a->outputs) +
	       a->edge_room * (sizeof(*a->keys) + sizeof(*a->targets)) +
	       0x10000 * sizeof(*a->low_class);
}
