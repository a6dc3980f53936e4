/* scenario_private.h - what the parts of the assembly share. Not for other modules. */
#ifndef UXOSIM_SCENARIO_PRIVATE_H
#define UXOSIM_SCENARIO_PRIVATE_H

#include "uxosim/scenario.h"
#include "uxosim/schema.h"
#include "uxosim/yaml.h"

/* One scenario on its way from YAML to uxo_scenario. */
typedef struct assembly {
    uxo_scenario *out;
    uxo_scenario *previous; /* the scenario that was read before, for what is alike; NULL: none */
    bool layers_taken;      /* grid, districts, zones and population are those of the scenario before */
    const uxo_node *root;
    uxo_report *report;
    uxo_status status;       /* the worst so far; bad data wins over missing inputs */
    char *file;              /* of the scenario, as the caller names it */
    char *folder;            /* of the scenario, "" for the current one */
    char *data_folder;       /* from which inputs are named */
    uxo_open_file districts; /* where the grid lies around them */
} assembly;

/* What the scenario before had already (scenario_memory.c). True: grid, districts, zones and population are there. */
bool uxo_assembly_take_layers(assembly *self);
bool uxo_assembly_take_people(assembly *self);
/* Inputs of a role of these layers, and the digest of a file. */
uxo_status uxo_assembly_take_inputs(assembly *self, const char *role, bool *taken);
bool uxo_assembly_take_digest(const assembly *self, uxo_input_file *input);

/* Remembers the worst status. */
void uxo_assembly_note(assembly *self, uxo_status status);

/* The node at a path if it is there and sound, else NULL (what is wrong with it has been reported already). */
const uxo_node *uxo_assembly_node(const assembly *self, const char *path);
/* A sound number or text, or the default of the schema (0 or NULL without one). */
double uxo_assembly_number(const assembly *self, const char *path);
const char *uxo_assembly_text(const assembly *self, const char *path);

/* folder/name, or name alone when it is absolute; to be freed. NULL when memory runs out. */
char *uxo_assembly_join(const char *folder, const char *name);
/* The path of an input that the scenario names at `key`; NULL when it is not named, or cannot be read (reported). */
char *uxo_assembly_input(assembly *self, const char *key, const char *folder);

/* Applies --set arguments to the tree. */
uxo_status uxo_assembly_apply_sets(uxo_yaml *yaml, const char *const *sets, size_t count, uxo_report *report);

/* Days since 1970-01-01 in UTC. */
int32_t uxo_assembly_today(void);
/* The section `run`; what is wrong with the choice between realisations and until. */
void uxo_assembly_run(assembly *self);
/* The section `output`; what the run's estimator cannot give. After uxo_assembly_run. */
void uxo_assembly_output(assembly *self);

/* The grid from bounds_m or around; the reference system is open. */
uxo_status uxo_assembly_grid(assembly *self);

/* Reads the sets of zones; the grid is known. */
void uxo_assembly_zones(assembly *self);
/* What is wrong with their names and files, for when the grid is not known. False: something is. */
bool uxo_assembly_check_zones(assembly *self);
/* The first of them, whose sisters are the others; NULL: there are none. */
const uxo_node *uxo_assembly_first_zones(const assembly *self);
/* The strike list, from its file, or from a text by which messages call it `file`. After the grid and the catalogue. */
void uxo_assembly_strikes(assembly *self, const char *file, const char *text);
/* Sections that need no files of their own: `background`. After the strikes. */
void uxo_assembly_sections(assembly *self);

/* The sections `exposure` and `risk`. After the population and the ground. */
void uxo_assembly_people(assembly *self);
/* The activities as given or, in `defaults` (to be freed), as the schema has them. */
uxo_status uxo_assembly_activities(assembly *self, const uxo_node **activities, uxo_yaml *defaults);
/* The section `campaign`. */
void uxo_assembly_theatre(assembly *self);
/* Ground and clearance: the layers, and what they do. After the strikes. */
void uxo_assembly_surface(assembly *self);

/* Finds everything that is drawn once per realisation and refuses two things with one random stream. */
uxo_status uxo_assembly_campaign(assembly *self);

/* The name of an input as the scenario writes it; of an absolute path only the last part, after "...". To be freed; NULL
 * when memory runs out. */
char *uxo_assembly_portable_name(const char *name);
/* uxo_scenario.given_text of a scenario after --set; NULL: out of memory. */
char *uxo_assembly_given(const uxo_node *root);
/* The record of input files, with their SHA-256. */
uxo_status uxo_assembly_inputs(assembly *self);
/* The record of values used, and of input files. */
uxo_status uxo_assembly_record(assembly *self);

#endif
