"""Time to a stated accuracy: maps of the engine judged against a reference map, the plain program extrapolated. Not a program; see run.py."""
import maps
import measure

REFERENCE_SEED = 2  # the candidates' is 1
# A reference as large as the default tells errors apart to this share: what is within it counts as reached.
TOLERANCE = 0.05
TWO_LAYERS = "output.layers=[dud_density,dud_probability]"


def cases(target):
    """Name, workload, settings, repeats at most. `until`: as many realisations as the target takes."""
    until = {"estimator": "expected-value", "until": target}
    sampled = {"estimator": "expected-value", "realisations": 4000}
    analog = {"estimator": "analog", "realisations": 100000}
    return [("expected-value, all layers", "w1", until, [], 5),
            ("expected-value, density and probability", "w1", until, [TWO_LAYERS], 5),
            ("analog, 100,000 realisations, all layers", "w1", analog, [], 1),
            ("expected-value, all layers", "disc", until, [], 1),
            ("expected-value, density and probability", "disc", sampled, [TWO_LAYERS], 1),
            ("analog, 100,000 realisations, all layers", "disc", analog, [], 1)]


def reference_of(arguments, variant, scratch):
    """Result file of `analog` with many realisations and another seed; kept, since it takes a minute or two."""
    arguments.references.mkdir(parents=True, exist_ok=True)
    path = arguments.references / f"{variant}_analog_{arguments.reference_realisations}_seed{REFERENCE_SEED}.nc"
    if not path.exists():
        folder = scratch / f"reference_{variant}"
        measure.workload(folder, variant=variant, realisations=arguments.reference_realisations)
        part = path.with_suffix(".part.nc")
        measure.run_child(measure.engine_command(arguments.engine, folder, part, 2, [f"run.seed={REFERENCE_SEED}"]))
        part.rename(path)
    return path


def judge(reference, candidate, target):
    """Errors of density and probability, with the reference's own share taken off in quadrature."""
    errors = maps.relative_errors(reference, candidate)
    for name, error in errors.items():
        alone = maps.error_of_reference(reference, "mean" if name == "density" else name)
        observed = error["equivalent_relative_standard_error"]
        error["of_reference_alone"] = alone
        error["less_reference"] = max(observed * observed - alone * alone, 0.0) ** 0.5
        error["stated"] = maps.stated_error(candidate, reference, "mean" if name == "density" else name)
    reached = all(error["less_reference"] <= target * (1.0 + TOLERANCE) for error in errors.values())
    return errors, reached


def plain_seconds(reference, variance, relative_error, plain):
    """Seconds of the plain program until both maps have this error, by wall clock and by processor time."""
    needed = maps.realisations_needed(reference, variance, relative_error)
    return {kind: max(needed.values()) * plain[f"{kind}_seconds"] / plain["realisations"] for kind in ("wall", "cpu")}, needed


def one_case(arguments, scratch, case, reference, variance, plain):
    name, variant, options, sets, repeats = case
    folder, output = scratch / "candidate", scratch / "candidate.nc"
    facts = measure.workload(folder, variant=variant, **options)
    command = measure.engine_command(arguments.engine, folder, output, 1, sets)
    runs = measure.take_turns({f"{variant}: {name}": command}, min(repeats, arguments.repeats), warm_up=repeats > 1)
    times = measure.summarise(next(iter(runs.values())))
    candidate = maps.engine_map(output, facts["cell_m"])
    errors, reached = judge(reference, candidate, arguments.target)
    seconds, needed = plain_seconds(reference, variance, arguments.target, plain)
    row = {"workload": variant, "case": name, "command": measure.shown(command), "realisations": candidate["realisations"], **times,
           "errors": errors, "target_reached": reached,
           "plain_gsl_realisations_needed": {key: round(value) for key, value in needed.items()},
           "plain_gsl_seconds_needed": round(seconds["wall"], 1)}
    row["ratio_at_target"] = {kind: round(seconds[kind] / times[f"{kind}_seconds"]) for kind in seconds} if reached else None
    # 1 / (variance x time), the plain program's being 1, by the larger of the standard errors that the file itself states. A map in closed
    # form has none: then by what was found, or by a tenth of the reference's own error, below which it cannot tell.
    stated = max(error["stated"] if error["stated"] == error["stated"] else max(error["less_reference"], 0.1 * error["of_reference_alone"])
                 for error in errors.values())
    same, _ = plain_seconds(reference, variance, stated, plain)
    row["stated_relative_error"] = stated
    row["figure_of_merit"] = {kind: float(f"{same[kind] / times[f'{kind}_seconds']:.3g}") for kind in same}
    return row


def accuracy(arguments, scratch):
    folder = scratch / "w1"
    facts = measure.workload(folder)
    n = arguments.peer_realisations or 2000
    program = [measure.build_peer(scratch)]
    runs = measure.take_turns({"plain_gsl": measure.peer_command(program, folder, facts, scratch / "gsl", n)}, arguments.repeats)["plain_gsl"]
    plain = {**measure.summarise(runs), "realisations": n}
    report = {"what": "accuracy", "machine": measure.machine(arguments.engine), "target_relative_standard_error": arguments.target,
              "reference_realisations": arguments.reference_realisations, "plain_gsl": plain, "cases": []}
    for variant in ("w1", "disc"):
        reference = maps.engine_map(reference_of(arguments, variant, scratch), facts["cell_m"])
        # The plain program knows W1 only; of the variant the reference has the variance, which is that of any program without variance reduction.
        variance = maps.peer_map(scratch / "gsl", facts["side"])["variance"] if variant == "w1" else reference["variance"]
        plain[f"variance_by_mean_{variant}"] = round(maps.dispersion(reference, variance), 4)
        plain[f"variance_by_mean_{variant}_of_reference"] = round(maps.dispersion(reference, reference["variance"]), 4)
        for case in cases(arguments.target):
            if case[1] == variant:
                report["cases"].append(one_case(arguments, scratch, case, reference, variance, plain))
    return report
