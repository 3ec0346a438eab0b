import Testing

@testable import sysndd_ctl

/// The line that shows how far long work has come.
@Suite struct WorkStateTests {
    @Test func whatDoneOfTotalRateAndRemainingTime() {
        let state = WorkState(
            step: "reading rows", item: "gene", done: 30_000, total: 90_000, unit: "rows", detail: "1.5 MB")
        #expect(
            state.line(after: .seconds(10))
                == "reading rows gene  30.0 k/90.0 k rows  1.5 MB  3000 rows/s  20 s left")
    }

    @Test func nothingIsForetoldInTheFirstSecond() {
        let state = WorkState(step: "reading rows", done: 5, total: 10, unit: "rows")
        #expect(state.line(after: .milliseconds(900)) == "reading rows  5/10 rows")
    }

    @Test func anEstimateThatWasTooLowIsLeftOut() {
        let state = WorkState(step: "reading rows", done: 20, total: 10, unit: "rows")
        #expect(state.line(after: .seconds(2)) == "reading rows  20 rows  10 rows/s")
    }

    @Test func longTimesAreInMinutesAndHours() {
        func left(_ seconds: Int) -> String {
            String(
                WorkState(step: "s", done: 10, total: 10 + seconds).line(after: .seconds(10)).split(separator: "  ")
                    .last!)
        }
        #expect(left(59) == "59 s left")
        #expect(left(61) == "1 min 1 s left")
        #expect(left(7300) == "2 h 1 min left")
    }

    @Test func aStepWithNothingToCountIsItsName() {
        #expect(WorkState(step: "verifying the file").line(after: .seconds(9)) == "verifying the file")
    }

    @Test func aNameCannotMoveTheCursor() {
        let line = WorkState(step: "reading rows", item: "a\u{1B}[2J\nb").line(after: .seconds(1))
        #expect(line == "reading rows a?[2J?b")
    }

    @Test(arguments: [(9_999, "9999"), (10_000, "10.0 k"), (999_999, "999.9 k"), (1_250_000, "1.2 M")])
    func numbersForPeople(_ number: Int, _ text: String) { #expect(number.asCount == text) }
}
