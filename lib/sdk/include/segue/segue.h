// All of Segue that an application needs: set up, spans, workflows, handoffs.
//
//   #include <segue/segue.h>
//
// Instrumentation of third-party libraries has headers of its own (segue/instrument/...).
#pragma once

#include "segue/metrics/default_meters.h"
#include "segue/sdk/observability.h"
#include "segue/trace/current.h"
#include "segue/trace/tracer.h"
#include "segue/workflow/accept_handoff.h"
#include "segue/workflow/graph.h"
#include "segue/workflow/handoff.h"
#include "segue/workflow/node.h"
#include "segue/workflow/operation.h"
#include "segue/workflow/propagation.h"
#include "segue/workflow/redaction.h"
#include "segue/workflow/semantic_conventions.h"
#include "segue/workflow/trace_columns.h"
#include "segue/workflow/workflow_span.h"
