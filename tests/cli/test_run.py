#!/usr/bin/python3
"""`uxosim run` as a user meets it: exit codes, interruption, terminals, odd grids, output that cannot be written."""
# ctest-timeout: 300
import hashlib
import os
import pathlib
import pty
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SOURCE = pathlib.Path(os.environ["UXOSIM_SOURCE_DIR"])
sys.path.insert(0, str(SOURCE / "tests/support"))
import comma_locale  # noqa: E402 (the folder is known only now)

PROGRAM = os.environ["UXOSIM"]
SCENARIO = """format: 1
title: Run test
run: {{seed: 1, realisations: {realisations}}}
grid: {{crs: EPSG:32637, cell_size_m: {cell}, bounds_m: [{bounds}]}}
munitions: {munitions}
strikes:
  file: strikes.csv
  defaults: {{munition: m26-m77, carriers: {carriers}, location_error: {{r95_m: 100}}}}
"""
ROWS = ["a,500600,5000500,2020-01-01", "b,500900,5000800,2020-01-02"]


class Run(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.scratch.name)
        self.addCleanup(self.scratch.cleanup)
        self.write()

    def write(self, realisations=200, cell=20, bounds="500000, 5000000, 501600, 5001200", carriers=2, rows=ROWS):
        text = SCENARIO.format(realisations=realisations, cell=cell, bounds=bounds, carriers=carriers,
                               munitions=SOURCE / "configs" / "munitions.yaml")
        (self.folder / "scenario.yaml").write_text(text)
        (self.folder / "strikes.csv").write_text("\n".join(["id,x_m,y_m,date", *rows]) + "\n")

    def uxosim(self, *words, **more):
        return subprocess.run([PROGRAM, *words], cwd=self.folder, capture_output=True, text=True, timeout=120, **more)

    def left(self):
        """Everything in the folder but the inputs."""
        return sorted(p.name for p in self.folder.iterdir() if p.name not in ("scenario.yaml", "strikes.csv"))

    def digest(self, name):
        return hashlib.sha256((self.folder / name).read_bytes()).hexdigest()

    def test_a_run_ends_with_a_table_and_the_path(self):
        done = self.uxosim("run", "scenario.yaml", "-o", "out.nc")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("outside every district", done.stdout)
        self.assertIn("outside the grid", done.stdout)
        self.assertTrue(done.stdout.rstrip().endswith("result: out.nc"))
        self.assertIn("self-check: the two estimators agree", done.stderr)
        self.assertEqual(self.left(), ["out.nc"])

    def test_results_do_not_depend_on_threads_or_the_hour(self):
        for name, threads in (("one.nc", "1"), ("two.nc", "2"), ("eight.nc", "8")):
            self.assertEqual(self.uxosim("run", "scenario.yaml", "-q", "-o", name, "--threads", threads).returncode, 0)
        time.sleep(1.1)
        self.assertEqual(self.uxosim("run", "scenario.yaml", "-q", "-o", "again.nc").returncode, 0)
        self.assertEqual(len({self.digest(n) for n in ("one.nc", "two.nc", "eight.nc", "again.nc")}), 1)

    def test_a_tiny_run_takes_one_thread_unless_told_otherwise(self):
        self.write(realisations=2, cell=100)
        for words, said in (((), "; 1 thread ("), (("--threads", "2"), "; 2 threads (")):
            done = self.uxosim("run", "scenario.yaml", "-o", "out.nc", "--set", "run.estimator=analog", *words)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(said, done.stderr)

    def test_gdal_is_loaded_for_layers_only(self):
        def loaded(*words):
            done = self.uxosim("check", "scenario.yaml", *words, env={**os.environ, "LD_DEBUG": "files"})
            self.assertIn("libproj.so", done.stderr)
            return "libgdal.so" in done.stderr
        self.assertFalse(loaded())
        self.assertTrue(loaded("--set", "layers={districts: {file: strikes.csv, name: id}}"))

    def test_usage_errors_are_64(self):
        for words in (["run"], ["run", "scenario.yaml", "--threads", "0"], ["run", "scenario.yaml", "--frobnicate"],
                      ["runn", "scenario.yaml"], [], ["run", "scenario.yaml", "another.yaml"],
                      ["run", "scenario.yaml", "--kernel", "abacus"]):
            done = self.uxosim(*words)
            self.assertEqual(done.returncode, 64, (words, done.stderr))
            self.assertEqual(self.left(), [])
        self.assertIn("did you mean 'run'", self.uxosim("runn").stderr)

    def test_missing_input_is_66_and_bad_data_65(self):
        self.assertEqual(self.uxosim("run", "nothing.yaml").returncode, 66)
        (self.folder / "strikes.csv").unlink()
        self.assertEqual(self.uxosim("run", "scenario.yaml").returncode, 66)
        self.write(realisations="many")
        self.assertEqual(self.uxosim("run", "scenario.yaml").returncode, 65)
        self.assertEqual(self.left(), [])

    def test_output_that_cannot_be_created_is_73_before_any_work(self):
        self.write(realisations=1000000)
        for path in ("no/such/folder/out.nc", ".", "./"):
            started = time.monotonic()
            done = self.uxosim("run", "scenario.yaml", "-o", path)
            self.assertEqual(done.returncode, 73, done.stderr)
            self.assertLess(time.monotonic() - started, 10)
        self.assertEqual(self.left(), [])

    def test_only_results_are_overwritten(self):
        for name in ("scenario.yaml", "strikes.csv"):
            before = self.digest(name)
            done = self.uxosim("run", "scenario.yaml", "-o", name)
            self.assertEqual(done.returncode, 73, done.stderr)
            self.assertIn("is not a result: it is not overwritten", done.stderr)
            self.assertEqual(self.digest(name), before)
        os.symlink("strikes.csv", self.folder / "link.nc")
        self.assertEqual(self.uxosim("run", "scenario.yaml", "-o", "link.nc").returncode, 73)
        (self.folder / "link.nc").unlink()
        self.assertEqual(self.uxosim("run", "scenario.yaml", "-q", "-o", "out.nc").returncode, 0)
        self.assertEqual(self.uxosim("run", "scenario.yaml", "-q", "-o", "out.nc").returncode, 0)
        before = self.digest("out.nc")
        for words in (["districts", "out.nc", "--format", "csv"], ["export", "out.nc", "--layer", "dud_density"], ["redact", "out.nc"]):
            self.assertEqual(self.uxosim(*words, "-o", "./out.nc").returncode, 64)
        self.assertEqual(self.digest("out.nc"), before)

    def test_inputs_are_not_overwritten_whatever_they_are_called(self):
        people = self.folder / "people.asc"
        people.write_text("ncols 2\nnrows 2\nxllcorner 500000\nyllcorner 5000000\ncellsize 800\n1 2\n3 4\n")
        for words in (["-a_srs", "EPSG:32637", "-of", "netCDF", "-co", "FORMAT=NC4", "people.asc", "people.nc"],
                      ["-of", "VRT", "people.nc", "inner.vrt"], ["-of", "VRT", "inner.vrt", "outer.vrt"]):
            subprocess.run(["gdal_translate", "-q", *words], cwd=self.folder, check=True)
        os.symlink("people.nc", self.folder / "link.nc")
        os.link(self.folder / "people.nc", self.folder / "hard.nc")
        before = self.digest("people.nc")
        for source in ("people.nc", "inner.vrt", "outer.vrt"):
            for output in ("people.nc", "link.nc", "hard.nc"):
                done = self.uxosim("run", "scenario.yaml", "-q", "-o", output, "--set", f"layers={{population: {{file: {source}}}}}")
                self.assertEqual(done.returncode, 73, done.stderr)
                self.assertIn(f"'{output}' is an input of this scenario (population: people.nc): it is not overwritten", done.stderr)
                self.assertEqual(self.digest("people.nc"), before)

    def test_damage_is_told_before_it_is_read(self):
        self.assertEqual(self.uxosim("run", "scenario.yaml", "-q", "-o", "out.nc").returncode, 0)
        whole = (self.folder / "out.nc").read_bytes()
        generator = random.Random(20261122)
        for case in range(60):
            damaged = bytearray(whole)
            at = generator.randrange(len(damaged) - 80)
            if case % 3 == 0:
                damaged[at] ^= 1 << generator.randrange(8)
            elif case % 3 == 1:
                other = generator.randrange(len(damaged) - 80 - 64)
                damaged[at:at + 64], damaged[other:other + 64] = damaged[other:other + 64], damaged[at:at + 64]
            else:
                del damaged[at:at + generator.randrange(1, 5000)]
            (self.folder / "bad.nc").write_bytes(damaged)
            if bytes(damaged) == whole:
                continue
            done = self.uxosim("districts", "bad.nc", "--format", "json")
            self.assertEqual(done.returncode, 65, (case, at, done.stderr))
            self.assertEqual(done.stdout, "")
        for damaged in (whole[:-80], whole[:-1], whole + b"x", whole.replace(b"uxosim-sha256", b"uxosim-sha257")):
            (self.folder / "bad.nc").write_bytes(damaged)
            done = self.uxosim("redact", "bad.nc", "-o", "public.nc")
            self.assertEqual(done.returncode, 65)
            self.assertIn("does not end in the seal", done.stderr)
            self.assertFalse((self.folder / "public.nc").exists())

    def test_closed_output_is_an_error(self):
        for words in (["--help"], ["--version"], ["munitions"], ["run", "--help"], ["info", "--usage"]):
            with open("/dev/full", "w") as full:
                done = subprocess.run([PROGRAM, *words], stdout=full, stderr=subprocess.PIPE, text=True)
            self.assertEqual(done.returncode, 74, words)
            self.assertEqual(done.stderr, "uxosim: error: cannot write to standard output\n")

    def test_a_full_disk_is_74_and_leaves_the_old_file(self):
        import resource
        self.assertEqual(self.uxosim("run", "scenario.yaml", "-q", "-o", "out.nc").returncode, 0)
        before = self.digest("out.nc")

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))

        done = self.uxosim("run", "scenario.yaml", "-o", "out.nc", "--set", "run.seed=2", preexec_fn=limit)
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertEqual(self.left(), ["out.nc"])
        self.assertEqual(self.digest("out.nc"), before)

    def test_interruption_leaves_nothing(self):
        self.write(realisations=1000000, carriers=50)
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            process = subprocess.Popen([PROGRAM, "run", "scenario.yaml", "-o", "out.nc"], cwd=self.folder,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(1.0)
            self.assertIsNone(process.poll(), "the run ended before it could be interrupted")
            process.send_signal(number)
            _, messages = process.communicate(timeout=60)
            self.assertEqual(process.returncode, code, messages)
            self.assertIn("interrupted; no result was written", messages)
            self.assertEqual(self.left(), [])

    def test_an_ignored_hangup_stays_ignored(self):
        self.write(realisations=3000, carriers=20)
        process = subprocess.Popen([PROGRAM, "run", "scenario.yaml", "-q", "-o", "out.nc"], cwd=self.folder,
                                   preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        time.sleep(0.3)
        process.send_signal(signal.SIGHUP)
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertEqual(self.left(), ["out.nc"])

    def test_progress_on_a_terminal_renews_its_line(self):
        self.write(realisations=3000, carriers=20)
        try:
            leader, follower = pty.openpty()
        except OSError as reason:
            self.skipTest(f"no pseudo-terminal to be had here: {reason}")
        process = subprocess.Popen([PROGRAM, "run", "scenario.yaml", "-o", "out.nc"], cwd=self.folder, stdout=subprocess.PIPE,
                                   stderr=follower, env={**os.environ, "TERM": "xterm"})
        os.close(follower)
        shown = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        process.communicate(timeout=60)
        self.assertRegex(shown.decode(), r"\r\x1b\[K *\d+ %  \d+ of 3000 realisations")
        self.assertTrue(re.search(r"\x1b\[K", shown.decode()))

    def test_quiet_says_nothing(self):
        done = self.uxosim("run", "scenario.yaml", "-q", "-o", "out.nc")
        self.assertEqual((done.stdout, done.stderr), ("", ""))

    def test_h5_works_with_a_note(self):
        done = self.uxosim("run", "scenario.yaml", "-o", "out.h5")
        self.assertEqual(done.returncode, 0)
        self.assertIn("NETCDF:out.h5:dud_density", done.stderr)

    def test_odd_grids_and_lists(self):
        cases = [
            dict(cell=1600, bounds="500000, 5000000, 501600, 5001600"),            # one cell
            dict(cell=7, bounds="500000, 5000000, 500700, 5000007"),               # one row, ragged tiles
            dict(cell=0.5, bounds="500590, 5000490, 500610, 5000510"),             # small cells, most lies outside
            dict(rows=[]),                                                         # a header and nothing else
            dict(realisations=1),
            dict(carriers=3000, realisations=3),                                   # two million submunitions each
        ]
        for case in cases:
            self.write(**case)
            done = self.uxosim("run", "scenario.yaml", "-o", "out.nc")
            self.assertEqual(done.returncode, 0, (case, done.stderr))
            for command in (["districts", "out.nc"], ["districts", "out.nc", "--format", "csv"], ["info", "out.nc"],
                            ["export", "out.nc", "--layer", "dud_density", "-o", "density.tif"],
                            ["redact", "out.nc", "-o", "public.nc"]):
                done = self.uxosim(*command)
                self.assertEqual(done.returncode, 0, (case, command, done.stderr))

    def test_numbers_are_read_in_the_c_locale(self):
        comma = comma_locale.environment(self.folder)
        if comma is None:
            self.skipTest("no locale with a decimal comma can be made here")
        env = {**os.environ, **comma}
        done = self.uxosim("check", "scenario.yaml", "--set", "grid.cell_size_m=12.5", env=env)
        self.assertIn("12.5 m", done.stdout)

    def test_check_takes_fewer_realisations_where_there_are_very_many_carriers(self):
        for carriers, expected in ((2, 200), (30000, 83)):  # 5e6 carriers in all
            done = self.uxosim("check", "scenario.yaml", "--set", f"strikes.defaults.carriers={carriers}")
            self.assertIn(f"90 % interval from the first {expected} realisations", done.stdout)

    def test_overrides_reach_the_result(self):
        self.assertEqual(self.uxosim("run", "scenario.yaml", "-q", "-o", "a.nc").returncode, 0)
        done = self.uxosim("run", "scenario.yaml", "-q", "-o", "b.nc", "--set", "strikes.defaults.carriers=4")
        self.assertEqual(done.returncode, 0, done.stderr)
        mean = [float(self.uxosim("districts", n, "--format", "csv").stdout.splitlines()[-1].split(",")[3]) for n in ("a.nc", "b.nc")]
        self.assertAlmostEqual(mean[1] / mean[0], 2.0, delta=0.4)
        self.assertIn("strikes.defaults.carriers", self.uxosim("info", "b.nc", "--assumptions").stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
