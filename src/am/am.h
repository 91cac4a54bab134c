/*
 * am.h
 *	  What PostgreSQL calls of the access method, by the file that has it.
 */
#ifndef SHORTLIST_AM_AM_H
#define SHORTLIST_AM_AM_H

#include "types/pg.h"

#include "access/amapi.h"
#include "access/genam.h"
#include "commands/progress.h"
#include "commands/vacuum.h"
#include "nodes/execnodes.h"

/* What pg_stat_progress_create_index shows. */
#define SHORTLIST_PHASE_READ 2
#define SHORTLIST_PHASE_WRITE 3

/* handler.c */
extern void shortlist_am_init(void); /* when the library is loaded */

/* validate.c */
extern bool shortlist_validate(Oid opclass);

/* build.c */
extern IndexBuildResult *shortlist_build(Relation heap, Relation index, IndexInfo *info);
extern void shortlist_build_empty(Relation index);
extern bool shortlist_insert(Relation index, Datum *values, bool *nulls, ItemPointer tid,
							 Relation heap, IndexUniqueCheck unique, bool unchanged,
							 IndexInfo *info);

/* vacuum.c */
extern IndexBulkDeleteResult *shortlist_bulk_delete(IndexVacuumInfo *info,
													IndexBulkDeleteResult *stats,
													IndexBulkDeleteCallback is_dead, void *state);
extern IndexBulkDeleteResult *shortlist_vacuum_cleanup(IndexVacuumInfo *info,
													   IndexBulkDeleteResult *stats);

/* verify.c */
struct IndexCheck;
extern void shortlist_verify(struct IndexCheck *check);

/* scan.c */
extern IndexScanDesc shortlist_begin_scan(Relation index, int keys, int orders);
extern void shortlist_rescan(IndexScanDesc scan, ScanKey keys, int key_count, ScanKey orders,
							 int order_count);
extern bool shortlist_get_tuple(IndexScanDesc scan, ScanDirection direction);
extern int64 shortlist_get_bitmap(IndexScanDesc scan, TIDBitmap *bitmap);
extern void shortlist_end_scan(IndexScanDesc scan);

/* cost.c */
extern void shortlist_cost(struct PlannerInfo *root, struct IndexPath *path, double loops,
						   Cost *startup, Cost *total, Selectivity *selectivity,
						   double *correlation, double *pages);

#endif /* SHORTLIST_AM_AM_H */
