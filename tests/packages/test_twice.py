"""Built twice, the packages are the same. (The last file in the alphabet: the second build runs beside the others.)"""

import unittest

import packages


class Reproducible(unittest.TestCase):
    def test_another_checkout_in_another_place_gives_the_same_bytes(self):
        first = packages.build()
        for name, other in packages.build_again().packages().items():
            self.assertEqual(other.name, first[name].name)
            self.assertEqual(other.read_bytes(), first[name].read_bytes(),
                             f"{name} has other bytes: compare {first[name]} with {other}, and the stages in target/package")
