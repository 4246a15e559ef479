"""How the numbers of cryo.h are shown."""

import unittest

import cryo


class NamesTest(unittest.TestCase):
    def test_they_are_shown_by_name(self):
        outcome = cryo.Outcome.ACKNOWLEDGED
        self.assertEqual(str(outcome), "ACKNOWLEDGED")
        self.assertEqual(f"{outcome}", "ACKNOWLEDGED")
        self.assertEqual(f"{outcome:>14}", "  ACKNOWLEDGED")
        self.assertEqual("{} {}".format(cryo.DropReason.REPLACED, cryo.Stat.RTT), "REPLACED RTT")
        self.assertEqual("%s" % cryo.Verdict.STOP, "STOP")
        self.assertEqual(str(cryo.Receipt(outcome, 1.5, "").outcome), "ACKNOWLEDGED")

    def test_they_are_numbers_all_the_same(self):
        outcome = cryo.Outcome.CLOSED
        self.assertEqual((outcome, int(outcome), outcome + 1), (5, 5, 6))
        self.assertEqual(f"{outcome:d} {outcome:02x} %d" % outcome, "5 05 5")
        self.assertEqual(repr(outcome), "<Outcome.CLOSED: 5>")
        self.assertIs(cryo.Outcome(5), outcome)

    def test_close_codes_and_statuses_stay_numbers(self):
        self.assertEqual(format(cryo.CloseCode.GRACEFUL), "4000")
        self.assertEqual(format(cryo.Status.ERR_FULL), "-6")
