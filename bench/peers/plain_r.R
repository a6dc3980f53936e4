#!/usr/bin/env Rscript
# The reference work W1 in plain R: vectors over the submunitions of one realisation. One thread.
#
# Same arguments, maps and statistics as plain_gsl.c: every submunition gets its place and then fails or not. Mersenne Twister as R has it;
# normals by Ahrens and Dieter, R's fastest kind. Not here: anything of uxosim; this program is what it is measured against.
CARRIERS <- 4L; SUBMUNITIONS <- 100L
PATTERN_ALONG_M <- 120; PATTERN_ACROSS_M <- 60; SPREAD_M <- 50
FAILED <- 12; FUNCTIONED <- 88

words <- commandArgs(trailingOnly = TRUE)
if (length(words) != 9) stop("plain_r.R REALISATIONS 1 SEED STRIKES.csv OUTPUT-PREFIX XMIN_M YMIN_M SIDE CELL_M")
started <- proc.time()[["elapsed"]]
realisations <- as.integer(words[1])
xmin_m <- as.numeric(words[6]); ymin_m <- as.numeric(words[7]); side <- as.integer(words[8]); cell_m <- as.numeric(words[9])
RNGkind("Mersenne-Twister", "Ahrens-Dieter")
set.seed(as.integer(words[3]))
strikes <- read.csv(words[4])
n <- nrow(strikes)
carriers <- n * CARRIERS
count <- carriers * SUBMUNITIONS

# Cells of the duds of one realisation, from 1; row 1 is north. The strike is the fastest index, the carrier the next: R repeats a
# shorter vector along a longer one, so nothing per strike or carrier has to be spelt out.
realise <- function() {
    heading <- (strikes$heading_deg + strikes$heading_sd_deg * rnorm(n)) * (pi / 180)
    rate <- rbeta(n, FAILED, FUNCTIONED)
    column0 <- (strikes$x_m - xmin_m + SPREAD_M * rnorm(carriers)) / cell_m
    row0 <- (strikes$y_m - ymin_m + SPREAD_M * rnorm(carriers)) / cell_m
    sine <- sin(heading) / cell_m; cosine <- cos(heading) / cell_m
    along <- rnorm(count)
    across <- rnorm(count)
    column <- column0 + along * (PATTERN_ALONG_M * sine) + across * (PATTERN_ACROSS_M * cosine)
    row <- row0 + along * (PATTERN_ALONG_M * cosine) - across * (PATTERN_ACROSS_M * sine)
    lies <- which(runif(count) < rate)
    column <- floor(column[lies]); row <- floor(row[lies])
    inside <- column >= 0 & column < side & row >= 0 & row < side
    as.integer((side - 1 - row[inside]) * side + column[inside] + 1)
}

total <- squares <- hits <- numeric(side * side)
for (r in seq_len(realisations)) {
    runs <- rle(sort.int(realise(), method = "radix"))
    total[runs$values] <- total[runs$values] + runs$lengths
    squares[runs$values] <- squares[runs$values] + runs$lengths^2
    hits[runs$values] <- hits[runs$values] + 1
}
mean <- total / realisations
maps <- list(mean = mean, variance = (squares - realisations * mean^2) / max(realisations - 1, 1), probability = hits / realisations)
for (name in names(maps)) {
    file <- file(paste0(words[5], "_", name, ".f64"), "wb")
    writeBin(maps[[name]], file, size = 8, endian = "little")
    close(file)
}
seconds <- proc.time()[["elapsed"]] - started
placed <- as.numeric(realisations) * count
cat(sprintf("plain_r: %.4g million submunitions a second\n", placed / seconds / 1e6), file = stderr())
cat(sprintf(paste0('{"program": "plain_r", "realisations": %d, "threads": 1, "strikes": %d, "submunitions": %.0f, ',
    '"duds_per_realisation": %.6g, "seconds": %.6f, "submunitions_per_second": %.6g}\n'),
    realisations, n, placed, sum(total) / realisations, seconds, placed / seconds))
