/* result_whole.c - see result_whole.h. Not here: what the parts are (result_write.c, result_redact.c, result_sweep_write.c, map_file.c). */
#include "result_whole.h"

#include "result_seal.h"
#include "uxosim/atomic_file.h"

uxo_status result_write_whole(const char *path, const volatile sig_atomic_t *stop, result_parts *parts, void *user,
                              uxo_report *report)
{
    uxo_atomic_file file;
    h5_output out;
    UXO_TRY(uxo_atomic_begin(&file, path, report));
    const h5_silence silence = h5_silence_begin();
    h5_output_open(&out, file.temporary, path, stop, report);
    if (out.status == UXO_OK) {
        parts(&out, user);
    }
    const bool stopped = h5_output_stopped(&out);
    const uxo_status status = h5_output_close(&out);
    h5_silence_end(silence);
    if (stopped || status != UXO_OK) {
        uxo_atomic_abandon(&file);
        return status;
    }
    return result_commit(&file, report);
}
