/*
 * Roads as a graph: a node where lines have a point, an edge from each point of a line to the next.
 *
 *	S333  o----o----x----o        x: shared with G2, an interchange
 *	                |
 *	G2    o---------x----s---o    s: a scene on G2, reached along it from either end of its edge
 *
 * A place hangs on the nearest edge (its "foot"), from where both ends can be reached. Dijkstra
 * with a binary heap from the feet of the target to all nodes; the tree is kept for the next start.
 * Rejected: all pairs at loading, which is quadratic in memory and helps nobody with one scene.
 */
#include "map/route.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/tsv.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_MAX 1000000
#define ON_MOTORWAY 60.0 /* metres: a place so near a motorway is on it */
#define REACH 10000.0	 /* metres: farther from any road is off the net */
#define NEAR 2000.0	 /* metres: closer places need no road */
#define FIELD_KMH 25.0
#define FIELD_BEND 1.3
#define ROAD_BEND 1.1
#define NONE SIZE_MAX

struct edge {
	size_t a, b; /* nodes */
	double metres, minutes;
	bool motorway;
};

struct half {
	size_t to, edge, next; /* next: of the same node, NONE at the end */
};

struct way {
	double minutes, metres;
};

struct foot {
	size_t edge;
	double along; /* 0 at its node a .. 1 at b */
	double off;   /* metres from the place */
};

struct route_net {
	struct point *nodes;
	size_t n_nodes, room_nodes;
	struct edge *edges;
	size_t n_edges, room_edges;
	struct half *halves;
	size_t *first; /* of each node */
	/* the tree to the target of the call before */
	struct point target;
	bool has_tree, reachable;
	struct foot foot;
	struct way *way; /* of each node */
	size_t *heap, *place, n_heap;
};

/* --- loading ---------------------------------------------------------------------------------- */

static bool
read_point(const char **p, struct point *out)
{
	char *end;

	out->lon = strtod(*p, &end);
	if (end == *p || *end != ',')
		return false;
	*p = end + 1;
	out->lat = strtod(*p, &end);
	if (end == *p || (*end != ' ' && *end != '\0'))
		return false;
	*p = end;
	return out->lon >= -180 && out->lon <= 180 && out->lat >= -90 && out->lat <= 90;
}

static void
add_edge(struct route_net *net, struct point a, struct point b, double kmh, bool motorway)
{
	struct edge *e;

	/* Nodes are doubled here, two an edge, and joined by `join` when all are read. */
	mem_grow(&net->nodes, &net->room_nodes, net->n_nodes);
	net->nodes[net->n_nodes++] = a;
	mem_grow(&net->nodes, &net->room_nodes, net->n_nodes);
	net->nodes[net->n_nodes++] = b;
	mem_grow(&net->edges, &net->room_edges, net->n_edges);
	e = &net->edges[net->n_edges++];
	e->a = net->n_nodes - 2;
	e->b = net->n_nodes - 1;
	e->metres = geo_distance(a, b) * ROAD_BEND;
	e->minutes = e->metres / 1000.0 / kmh * 60.0;
	e->motorway = motorway;
}

static bool
add_road(struct route_net *net, struct tsv *t, const char *points, double kmh, bool motorway,
    struct err *err)
{
	struct point last = {0, 0}, p;
	bool first = true;

	while (*(points += strspn(points, " ")) != '\0') {
		if (!read_point(&points, &p) || net->n_nodes >= 2 * POINTS_MAX)
			return err_set(err, ERR_INPUT,
			    _("%s, line %ld: points are lon,lat pairs between blanks"), tsv_path(t),
			    tsv_line(t));
		if (!first)
			add_edge(net, last, p, kmh, motorway);
		last = p;
		first = false;
	}
	return true;
}

static bool
read_roads(struct route_net *net, struct tsv *t, struct err *err)
{
	int class = tsv_column(t, "class", true, err), kmh = tsv_column(t, "kmh", true, err);
	int points = tsv_column(t, "points", true, err);

	if (class < 0 || kmh < 0 || points < 0)
		return false;
	while (tsv_next(t)) {
		double speed = strtod(tsv_get(t, kmh), NULL);

		if (!(speed >= 1 && speed <= 200))
			return err_set(err, ERR_INPUT, _("%s, line %ld: a speed is 1 to 200 km/h"),
			    tsv_path(t), tsv_line(t));
		if (!add_road(net, t, tsv_get(t, points), speed,
			strcmp(tsv_get(t, class), "motorway") == 0, err))
			return false;
	}
	return true;
}

struct named {
	struct point p;
	size_t node;
};

static int
by_place(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->p.lon != y->p.lon)
		return x->p.lon < y->p.lon ? -1 : 1;
	if (x->p.lat != y->p.lat)
		return x->p.lat < y->p.lat ? -1 : 1;
	return 0;
}

/* Points that are the same become one node. */
static void
join(struct route_net *net)
{
	struct named *list = mem_zero(net->n_nodes + 1, sizeof(*list));
	size_t *to = mem_zero(net->n_nodes + 1, sizeof(*to)), n = 0;

	for (size_t i = 0; i < net->n_nodes; i++)
		list[i] = (struct named){net->nodes[i], i};
	qsort(list, net->n_nodes, sizeof(*list), by_place);
	for (size_t i = 0; i < net->n_nodes; i++) {
		if (i == 0 || by_place(&list[i - 1], &list[i]) != 0)
			net->nodes[n++] = list[i].p;
		to[list[i].node] = n - 1;
	}
	net->n_nodes = n;
	for (size_t i = 0; i < net->n_edges; i++) {
		net->edges[i].a = to[net->edges[i].a];
		net->edges[i].b = to[net->edges[i].b];
	}
	free(list);
	free(to);
}

static void
link_edges(struct route_net *net)
{
	net->halves = mem_zero(2 * net->n_edges + 1, sizeof(*net->halves));
	net->first = mem_zero(net->n_nodes + 1, sizeof(*net->first));
	net->way = mem_zero(net->n_nodes + 1, sizeof(*net->way));
	net->heap = mem_zero(net->n_nodes + 1, sizeof(*net->heap));
	net->place = mem_zero(net->n_nodes + 1, sizeof(*net->place));
	for (size_t i = 0; i < net->n_nodes; i++)
		net->first[i] = NONE;
	for (size_t i = 0; i < net->n_edges; i++) {
		struct edge *e = &net->edges[i];

		net->halves[2 * i] = (struct half){e->b, i, net->first[e->a]};
		net->first[e->a] = 2 * i;
		net->halves[2 * i + 1] = (struct half){e->a, i, net->first[e->b]};
		net->first[e->b] = 2 * i + 1;
	}
}

struct route_net *
route_load(const char *path, struct err *err)
{
	struct route_net *net = mem_zero(1, sizeof(*net));
	struct tsv *t = tsv_open(path, err);
	bool ok = t && read_roads(net, t, err);

	if (t && !tsv_close(t, ok ? err : NULL))
		ok = false;
	if (!ok) {
		route_free(net);
		return NULL;
	}
	join(net);
	link_edges(net);
	return net;
}

void
route_free(struct route_net *net)
{
	if (!net)
		return;
	free(net->nodes);
	free(net->edges);
	free(net->halves);
	free(net->first);
	free(net->way);
	free(net->heap);
	free(net->place);
	free(net);
}

/* --- feet ------------------------------------------------------------------------------------- */

/* Where on the edge the place is nearest; flat over so short a way. */
static struct foot
foot_on(const struct route_net *net, size_t edge, struct point p)
{
	struct point a = net->nodes[net->edges[edge].a], b = net->nodes[net->edges[edge].b], q;
	double scale = cos(p.lat * acos(-1) / 180), dx = (b.lon - a.lon) * scale,
	       dy = b.lat - a.lat;
	double length = dx * dx + dy * dy, along;

	along = length > 0 ? ((p.lon - a.lon) * scale * dx + (p.lat - a.lat) * dy) / length : 0;
	along = along < 0 ? 0 : along > 1 ? 1 : along;
	q = (struct point){a.lon + along * (b.lon - a.lon), a.lat + along * (b.lat - a.lat)};
	return (struct foot){edge, along, geo_distance(p, q)};
}

static bool
find_foot(const struct route_net *net, struct point p, struct foot *out)
{
	bool found = false;

	for (size_t i = 0; i < net->n_edges; i++) {
		struct foot f = foot_on(net, i, p);

		if (f.off > (net->edges[i].motorway ? ON_MOTORWAY : REACH) ||
		    (found && f.off >= out->off))
			continue;
		*out = f;
		found = true;
	}
	return found;
}

/* --- the tree --------------------------------------------------------------------------------- */

static void
heap_set(struct route_net *net, size_t at, size_t node)
{
	net->heap[at] = node;
	net->place[node] = at;
}

static void
heap_up(struct route_net *net, size_t at)
{
	size_t node = net->heap[at];

	for (; at > 0 && net->way[net->heap[(at - 1) / 2]].minutes > net->way[node].minutes;
	     at = (at - 1) / 2)
		heap_set(net, at, net->heap[(at - 1) / 2]);
	heap_set(net, at, node);
}

static size_t
heap_pop(struct route_net *net)
{
	size_t top = net->heap[0], node = net->heap[--net->n_heap], at = 0, child;

	while ((child = 2 * at + 1) < net->n_heap) {
		if (child + 1 < net->n_heap &&
		    net->way[net->heap[child + 1]].minutes < net->way[net->heap[child]].minutes)
			child++;
		if (net->way[net->heap[child]].minutes >= net->way[node].minutes)
			break;
		heap_set(net, at, net->heap[child]);
		at = child;
	}
	heap_set(net, at, node);
	net->place[top] = NONE;
	return top;
}

static void
relax(struct route_net *net, size_t node, struct way way)
{
	if (way.minutes >= net->way[node].minutes)
		return;
	net->way[node] = way;
	if (net->place[node] == NONE)
		heap_set(net, net->n_heap++, node);
	heap_up(net, net->place[node]);
}

static struct way
part_of(const struct edge *e, double share)
{
	return (struct way){e->minutes * share, e->metres * share};
}

static void
grow_tree(struct route_net *net, struct point target)
{
	const struct edge *e;

	net->target = target;
	net->has_tree = true;
	net->reachable = find_foot(net, target, &net->foot);
	if (!net->reachable)
		return;
	for (size_t i = 0; i < net->n_nodes; i++) {
		net->way[i] = (struct way){DBL_MAX, 0};
		net->place[i] = NONE;
	}
	net->n_heap = 0;
	e = &net->edges[net->foot.edge];
	relax(net, e->a, part_of(e, net->foot.along));
	relax(net, e->b, part_of(e, 1 - net->foot.along));
	while (net->n_heap) {
		size_t node = heap_pop(net);

		for (size_t h = net->first[node]; h != NONE; h = net->halves[h].next) {
			struct way way = part_of(&net->edges[net->halves[h].edge], 1);

			way.minutes += net->way[node].minutes;
			way.metres += net->way[node].metres;
			relax(net, net->halves[h].to, way);
		}
	}
}

static struct way
over_field(double metres)
{
	metres *= FIELD_BEND;
	return (struct way){metres / 1000.0 / FIELD_KMH * 60.0, metres};
}

double
route_minutes(struct route_net *net, struct point a, struct point b, double *metres)
{
	double straight = geo_distance(a, b);
	struct way best = {DBL_MAX, 0}, way, lead;
	const struct edge *e;
	struct foot foot;

	if (straight < NEAR)
		best = over_field(straight);
	if (!net->has_tree || net->target.lon != b.lon || net->target.lat != b.lat)
		grow_tree(net, b);
	if (net->reachable && find_foot(net, a, &foot)) {
		e = &net->edges[foot.edge];
		lead = over_field(foot.off + net->foot.off);
		for (int end = 0; end < 2; end++) {
			way = part_of(e, end ? 1 - foot.along : foot.along);
			way.minutes += net->way[end ? e->b : e->a].minutes + lead.minutes;
			way.metres += net->way[end ? e->b : e->a].metres + lead.metres;
			if (way.minutes < best.minutes)
				best = way;
		}
		if (foot.edge == net->foot.edge) {
			way = part_of(e, fabs(foot.along - net->foot.along));
			way.minutes += lead.minutes;
			way.metres += lead.metres;
			if (way.minutes < best.minutes)
				best = way;
		}
	}
	if (metres)
		*metres = best.metres;
	return best.minutes < DBL_MAX / 2 ? best.minutes : -1;
}
