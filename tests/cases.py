"""How many cases the tests try. They count with these numbers, and the table of the trust notebook prints them."""
import os

FUZZ = os.environ.get("FUZZ_CASES")

NETWORKS = 240                 # random networks before other people's derivatives
SATURATED = 100                # such networks with the report's start
ELEMENTS = 4                   # of each layer's gradient there
SURVIVAL_TABLES = 1_000        # random tables of runs, censored ones among them, before lifelines
FUZZ_SECONDS = 20              # of coverage-guided fuzzing, for files and for tables
NETWORK_FILES = int(FUZZ or 100_000)
TABLES = int(FUZZ or 5_000)
KILLS = 200                    # while one file is saved over and over
INTERRUPTED = ("fast", "readable", "batches", "shuffled", "weighted")
INTERRUPTS = 60                # of each of these kinds of training
EARLY_INTERRUPTS = 10          # while Numba is imported and compiles
STUDY_INTERRUPTS = 12          # of a study, and its call run again
WRITES = 12                    # steps at which a training's process dies: three a save
STATEMENTS = 20                # statements to its store after which a study's process dies
SEEDS = 100                    # whose points and starting weights are compared
OPENINGS = 100                 # of a new store by 2, 4 and 8 processes at once
DAMAGED_STORES = 300
STUDY_ROWS = 40                # runs that are compared between threads, processes, clusters, kernels
