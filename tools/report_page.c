/* report_page.c - the page: its template with style, script, licences and data put in. Not here: the data (report_data.c). */
#include <stdlib.h>
#include <string.h>

#include "markup.h"
#include "report.h"
#include "report_assets.h"
#include "uxosim/digest.h"

char *report_base64(const unsigned char *bytes, size_t count)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *const text = malloc((count + 2) / 3 * 4 + 1);
    char *out = text;
    for (size_t i = 0; text != NULL && i < count; i += 3) {
        const unsigned group = (unsigned)bytes[i] << 16 | (i + 1 < count ? (unsigned)bytes[i + 1] << 8 : 0u) |
                               (i + 2 < count ? (unsigned)bytes[i + 2] : 0u);
        *out++ = digit[group >> 18];
        *out++ = digit[group >> 12 & 63];
        *out++ = i + 1 < count ? digit[group >> 6 & 63] : '=';
        *out++ = i + 2 < count ? digit[group & 63] : '=';
    }
    if (text != NULL) {
        *out = '\0';
    }
    return text;
}

static void write_title(const report_page *self, FILE *out)
{
    const char *const title = uxo_result_text(self->result, "/", "title");
    if (self->is_internal) {
        fputs("INTERNAL - ", out);
    }
    markup_write(title != NULL && title[0] != '\0' ? title : "uxosim report", markup_entity, out);
}

/* Nothing from anywhere, and of scripts this one only: whatever a name holds, it does not run. Leaflet and Plot set styles. */
static uxo_status write_policy(const report_page *self, FILE *out)
{
    const report_asset *const script = report_asset_find("script");
    char hex[UXO_DIGEST_SIZE];
    unsigned char digest[32];
    if (!uxo_digest_bytes(script->byte, script->count, hex)) {
        return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (size_t i = 0; i < sizeof digest; i++) {
        const char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        digest[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    char *const hash = report_base64(digest, sizeof digest);
    if (hash == NULL) {
        return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    fprintf(out,
            "default-src 'none'; script-src 'sha256-%s'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
            "form-action 'none'",
            hash);
    free(hash);
    return UXO_OK;
}

/* What stands in the template as {{name}}. */
static uxo_status write_part(report_page *self, const char *name, FILE *out)
{
    if (strcmp(name, "title") == 0) {
        write_title(self, out);
        return UXO_OK;
    }
    if (strcmp(name, "sentence") == 0) {
        markup_write(UXO_SENTENCE, markup_entity, out);
        return UXO_OK;
    }
    if (strcmp(name, "policy") == 0) {
        return write_policy(self, out);
    }
    if (strcmp(name, "data") == 0) {
        json_init(&self->json, out);
        return report_write_data(self);
    }
    const report_asset *const asset = report_asset_find(name);
    if (asset == NULL) {
        return uxo_fail(self->report, UXO_ERR_DATA, NULL, "the page's template wants '%s', which is not known", name);
    }
    fwrite(asset->byte, 1, asset->count, out);
    return UXO_OK;
}

uxo_status report_write(report_page *self, FILE *out)
{
    const report_asset *const page = report_asset_find("page");
    char *const text = calloc(page->count + 1, 1);
    if (text == NULL) {
        return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    memcpy(text, page->byte, page->count);
    uxo_status status = UXO_OK;
    char *from = text;
    for (char *open = strstr(from, "{{"); open != NULL && status == UXO_OK; open = strstr(from, "{{")) {
        char *const close = strstr(open, "}}");
        *open = '\0';
        fputs(from, out);
        if (close == NULL) {
            status = uxo_fail(self->report, UXO_ERR_DATA, NULL, "the page's template is damaged");
        } else {
            *close = '\0';
            status = write_part(self, open + 2, out);
            from = close + 2;
        }
    }
    fputs(status == UXO_OK ? from : "", out);
    free(text);
    return status;
}
