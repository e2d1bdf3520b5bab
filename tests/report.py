"""Running tests with one line for each, and a count for tests/run."""

import sys
import unittest


class _Result(unittest.TextTestResult):
    """One line per test: its sentence."""

    def getDescription(self, test):
        if isinstance(test, unittest.case._SubTest):
            return f"{self.getDescription(test.test_case)} {test._subDescription()}"
        if not isinstance(test, unittest.TestCase):  # what went wrong before or after the tests
            return str(test)
        return f"{type(test).__name__}: {test._testMethodName.removeprefix('test_').replace('_', ' ')}"


def report(modules=("__main__",), arguments=None, explain=None):
    """Runs the tests of these modules; returns the exit status. `arguments` (the program's, unless given) are unittest's,
    such as -k. `explain` gives words to print if a test has failed."""
    runner = unittest.TextTestRunner(verbosity=2, resultclass=_Result, stream=sys.stdout)
    given = sys.argv[1:] if arguments is None else list(arguments)
    if list(modules) == ["__main__"]:
        program = unittest.main(module="__main__", argv=[sys.argv[0], *given], verbosity=2, exit=False, testRunner=runner)
    else:
        program = unittest.main(module=None, argv=[sys.argv[0], *given, *modules], verbosity=2, exit=False,
                                testRunner=runner)
    result = program.result
    # A test with several parts (subTest) that fail is one failed test.
    wrong = [*result.failures, *result.errors]
    bad = len({getattr(test, "test_case", test).id() for test, _ in wrong}) + len(result.unexpectedSuccesses)
    words = explain and bad and explain()
    if words:
        print(words)
    passed = max(0, result.testsRun - bad - len(result.skipped))
    print(f"counted: {passed} passed, {bad} failed, {len(result.skipped)} skipped", flush=True)
    return 1 if bad else 0
