import Foundation
import OpsCore

/// A word that has to be typed before something is destroyed.
struct Confirmation {
    /// The word was not typed.
    struct Refused: OperatorError {
        let word: String
        let purpose: String
        let flag: String

        var code: String { "CONFIRMATION_REQUIRED" }
        var message: String { "\(purpose) needs the word \(word)" }
        var hint: String? { "type it when asked, or give \(flag)" }
        var exitStatus: ExitStatus { .usage }
    }

    private let word: String
    private let purpose: String
    private let flag: String

    /// - Parameter flag: what takes the place of the word; nil for `--confirm` with the word.
    init(_ word: String, for purpose: String, flag: String? = nil) {
        self.word = word
        self.purpose = purpose
        self.flag = flag ?? "--confirm \(word)"
    }

    /// Compares what the flag says; without the flag it asks on a terminal.
    func check(_ given: String?) throws {
        guard (given ?? ask()) == word else { throw Refused(word: word, purpose: purpose, flag: flag) }
    }

    private func ask() -> String? {
        guard isatty(STDIN_FILENO) != 0 else { return nil }
        Output.note("\(purpose): type \(word) to go on")
        return readLine()
    }
}
