# cairo draws the figures, Pango shapes their text. Only the program needs them, not the library.
pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo-png cairo-pdf cairo-svg)
pkg_check_modules(PANGO REQUIRED IMPORTED_TARGET pangocairo)
