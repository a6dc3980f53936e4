/* path.h - names of files as text. Not here: whether there is such a file. */
#ifndef UXOSIM_PATH_H
#define UXOSIM_PATH_H

/* The last part of a path, behind its last slash; points into `path`. What a record may hold of a file's name: folders
 * differ between machines. */
const char *uxo_path_name(const char *path);

#endif
