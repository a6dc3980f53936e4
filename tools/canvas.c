/* canvas.c - see canvas.h: pages, their files, lines and areas. Not here: text (canvas_text.c). */
#include "canvas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "canvas_private.h"
#include "output.h"

static const double POINTS_PER_INCH = 72.0;
static const double PNG_DOTS_PER_INCH = 300.0;
static const uint32_t PNG_DOTS_PER_METRE = 11811; /* 300 per inch */

const char *canvas_extension(canvas_format format)
{
    static const char *const extensions[CANVAS_FORMAT_COUNT] = {"png", "svg", "pdf"};
    return extensions[format];
}

void canvas_bytes_add(canvas_bytes *self, const void *data, size_t size)
{
    if (self->capacity - self->size < size) {
        const size_t capacity = 2 * (self->size + size) + 4096;
        unsigned char *const larger = realloc(self->data, capacity);
        if (larger == NULL) {
            self->failed = true;
            return;
        }
        self->data = larger;
        self->capacity = capacity;
    }
    memcpy(self->data + self->size, data, size);
    self->size += size;
}

static cairo_status_t take_bytes(void *closure, const unsigned char *data, unsigned int length)
{
    canvas_bytes *const bytes = closure;
    canvas_bytes_add(bytes, data, length);
    return bytes->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *pdf_surface(canvas *self, const canvas_about *about)
{
    cairo_surface_t *const surface =
        self->lib->cairo_pdf_surface_create_for_stream(take_bytes, &self->file, self->width, self->height);
    self->lib->cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, about->title);
    self->lib->cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, about->description);
    self->lib->cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, about->program);
    /* One date for all: equal results give equal files. */
    self->lib->cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "1970-01-01T00:00:00Z");
    return surface;
}

static cairo_surface_t *make_surface(canvas *self, const canvas_about *about)
{
    const double dots = PNG_DOTS_PER_INCH / POINTS_PER_INCH;
    cairo_surface_t *surface = NULL;
    switch (self->format) {
    case CANVAS_PDF:
        return pdf_surface(self, about);
    case CANVAS_SVG:
        surface = self->lib->cairo_svg_surface_create_for_stream(take_bytes, &self->file, self->width, self->height);
        self->lib->cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PT);
        return surface;
    default:
        surface = self->lib->cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(self->width * dots),
                                                        (int)ceil(self->height * dots));
        self->lib->cairo_surface_set_device_scale(surface, dots, dots);
        return surface;
    }
}

/* Letters stand where they stand in every format: no hinting, no rounding to dots. */
static void open_text(canvas *self)
{
    cairo_font_options_t *const options = self->lib->cairo_font_options_create();
    self->lib->cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    self->lib->cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    self->lib->cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    self->fonts = self->lib->pango_cairo_font_map_new();
    self->lib->pango_cairo_font_map_set_resolution((PangoCairoFontMap *)self->fonts, POINTS_PER_INCH);
    self->context = self->lib->pango_font_map_create_context(self->fonts);
    self->lib->pango_cairo_context_set_font_options(self->context, options);
    self->lib->pango_context_set_round_glyph_positions(self->context, FALSE);
    self->lib->cairo_font_options_destroy(options);
    self->lib->pango_cairo_update_context(self->cairo, self->context);
}

uxo_status canvas_open(canvas *self, const canvas_library *lib, canvas_format format, double width, double height,
                       const canvas_about *about, uxo_report *report)
{
    memset(self, 0, sizeof *self);
    self->lib = lib;
    self->format = format;
    self->width = width;
    self->height = height;
    self->surface = make_surface(self, about);
    self->cairo = self->lib->cairo_create(self->surface);
    open_text(self);
    if (self->lib->cairo_status(self->cairo) != CAIRO_STATUS_SUCCESS) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "cannot draw: %s",
                        self->lib->cairo_status_to_string(self->lib->cairo_status(self->cairo)));
    }
    canvas_fill(self, 0.0, 0.0, width + 1.0, height + 1.0, 0xffffff); /* the last dots of a PNG, too */
    return UXO_OK;
}

static uint32_t checksum(const unsigned char *data, size_t size)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc & 1 ? crc >> 1 ^ UINT32_C(0xedb88320) : crc >> 1;
        }
    }
    return ~crc;
}

static void big_endian(unsigned char *out, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        out[i] = (unsigned char)(value >> (24 - 8 * i));
    }
}

/* cairo does not say how large a dot is: the chunk pHYs does, behind the header of 33 bytes. */
static void write_png(const canvas *self, FILE *out)
{
    enum { HEADER = 33, CHUNK = 21 };
    unsigned char chunk[CHUNK] = {0, 0, 0, 9, 'p', 'H', 'Y', 's'};
    big_endian(chunk + 8, PNG_DOTS_PER_METRE);
    big_endian(chunk + 12, PNG_DOTS_PER_METRE);
    chunk[16] = 1; /* per metre */
    big_endian(chunk + 17, checksum(chunk + 4, CHUNK - 8));
    fwrite(self->file.data, 1, HEADER, out);
    fwrite(chunk, 1, CHUNK, out);
    fwrite(self->file.data + HEADER, 1, self->file.size - HEADER, out);
}

static const unsigned char *find(const canvas_bytes *bytes, const char *what, size_t from)
{
    const size_t length = strlen(what);
    for (size_t i = from; i + length <= bytes->size; i++) {
        if (memcmp(bytes->data + i, what, length) == 0) {
            return bytes->data + i;
        }
    }
    return NULL;
}

/* What cairo drew. Of its filters it tells SVG nothing: viewers would blur the cells of a map. */
static void write_drawing(const unsigned char *from, const unsigned char *end, FILE *out)
{
    static const char image[] = "<image ";
    while (from < end) {
        const unsigned char *next = memchr(from + 1, '<', (size_t)(end - from) - 1);
        next = next != NULL ? next : end;
        const bool is_image = (size_t)(next - from) >= sizeof image - 1 && memcmp(from, image, sizeof image - 1) == 0;
        if (is_image) {
            fputs("<image style=\"image-rendering:pixelated\" ", out);
            from += sizeof image - 1;
        }
        fwrite(from, 1, (size_t)(next - from), out);
        from = next;
    }
}

/* Puts title and description behind the opening tag, and the texts before the closing one. */
static bool write_svg(canvas *self, const canvas_about *about, FILE *out)
{
    static const char end[] = "</svg>";
    const unsigned char *const svg = find(&self->file, "<svg", 0);
    const unsigned char *const open = svg != NULL ? find(&self->file, ">", (size_t)(svg - self->file.data)) : NULL;
    const size_t tail = self->file.size >= sizeof end + 1 ? self->file.size - sizeof end - 1 : 0;
    const unsigned char *const close = find(&self->file, end, tail);
    canvas_bytes head = {0};
    if (open == NULL || close == NULL) {
        return false;
    }
    canvas_bytes_print(&head, "\n<title>");
    canvas_bytes_escape(&head, about->title);
    canvas_bytes_print(&head, "</title>\n<desc>");
    canvas_bytes_escape(&head, about->description);
    canvas_bytes_print(&head, "</desc>");
    fwrite(self->file.data, 1, (size_t)(open + 1 - self->file.data), out);
    fwrite(head.data, 1, head.size, out);
    write_drawing(open + 1, close, out);
    fwrite(self->texts.data, 1, self->texts.size, out);
    fputs("</svg>\n", out);
    const bool good = !head.failed && !self->texts.failed;
    free(head.data);
    return good;
}

static uxo_status write_file(canvas *self, const canvas_about *about, const char *path, uxo_report *report)
{
    tool_output output;
    bool good = true;
    UXO_TRY(tool_output_open(&output, path, report));
    switch (self->format) {
    case CANVAS_PNG:
        write_png(self, output.stream);
        break;
    case CANVAS_SVG:
        good = write_svg(self, about, output.stream);
        break;
    default:
        fwrite(self->file.data, 1, self->file.size, output.stream);
    }
    if (!good) {
        tool_output_abandon(&output);
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "cannot finish '%s': out of memory", path);
    }
    return tool_output_close(&output, report);
}

void canvas_abandon(canvas *self)
{
    self->lib->g_object_unref(self->context);
    self->lib->g_object_unref(self->fonts);
    self->lib->cairo_destroy(self->cairo);
    self->lib->cairo_surface_destroy(self->surface);
    free(self->file.data);
    free(self->texts.data);
    memset(self, 0, sizeof *self);
}

uxo_status canvas_save(canvas *self, const canvas_about *about, const char *path, uxo_report *report)
{
    uxo_status status = UXO_OK;
    cairo_status_t drawn = self->lib->cairo_status(self->cairo);
    self->lib->cairo_surface_flush(self->surface);
    if (drawn == CAIRO_STATUS_SUCCESS && self->format == CANVAS_PNG) {
        drawn = self->lib->cairo_surface_write_to_png_stream(self->surface, take_bytes, &self->file);
    } else if (drawn == CAIRO_STATUS_SUCCESS) {
        self->lib->cairo_surface_finish(self->surface);
        drawn = self->lib->cairo_surface_status(self->surface);
    }
    if (drawn != CAIRO_STATUS_SUCCESS) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "cannot draw '%s': %s", path,
                          self->lib->cairo_status_to_string(drawn));
    } else {
        status = write_file(self, about, path, report);
    }
    canvas_abandon(self);
    return status;
}

void canvas_colour(canvas *self, uint32_t rgb)
{
    self->lib->cairo_set_source_rgb(self->cairo, (double)(rgb >> 16 & 0xff) / 255.0, (double)(rgb >> 8 & 0xff) / 255.0,
                                    (double)(rgb & 0xff) / 255.0);
}

void canvas_line(canvas *self, double x0, double y0, double x1, double y1, double thickness, uint32_t rgb)
{
    canvas_colour(self, rgb);
    self->lib->cairo_set_line_width(self->cairo, thickness);
    self->lib->cairo_move_to(self->cairo, x0, y0);
    self->lib->cairo_line_to(self->cairo, x1, y1);
    self->lib->cairo_stroke(self->cairo);
}

void canvas_fill(canvas *self, double x, double y, double width, double height, uint32_t rgb)
{
    canvas_colour(self, rgb);
    self->lib->cairo_rectangle(self->cairo, x, y, width, height);
    self->lib->cairo_fill(self->cairo);
}

void canvas_frame(canvas *self, double x, double y, double width, double height, double thickness, uint32_t rgb)
{
    canvas_colour(self, rgb);
    self->lib->cairo_set_line_width(self->cairo, thickness);
    self->lib->cairo_rectangle(self->cairo, x, y, width, height);
    self->lib->cairo_stroke(self->cairo);
}

void canvas_hatch(canvas *self, double x, double y, double width, double height, uint32_t rgb)
{
    static const double step = 4.0;
    self->lib->cairo_save(self->cairo);
    self->lib->cairo_rectangle(self->cairo, x, y, width, height);
    self->lib->cairo_clip(self->cairo);
    for (double offset = -height; offset < width; offset += step) {
        canvas_line(self, x + offset, y + height, x + offset + height, y, 0.6, rgb);
    }
    self->lib->cairo_restore(self->cairo);
}
