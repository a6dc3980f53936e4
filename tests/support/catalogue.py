"""catalogue.py - catalogues of munitions for tests, as text of YAML. Nothing in them is real."""


def one_munition(dud_rate, along_m, across_m, load=100, carrier_failure=0.0, spread_m=0):
    """A munition m with a gaussian pattern; carriers spread as much along as across. Quantities as numbers or in the notation of the file."""
    return f"""munitions:
  m:
    name: A pattern for tests
    submunitions_per_carrier: {load}
    dud_rate: {dud_rate}
    carrier_failure: {carrier_failure}
    carrier_spread_m: {{along: {spread_m}, across: {spread_m}}}
    pattern: {{shape: gaussian, along_m: {along_m}, across_m: {across_m}}}
    sources: {{submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", carrier_failure: "ASSUMED: a test",
              carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}}
"""
