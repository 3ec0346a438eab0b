import ArgumentParser
import Foundation
import Glibc
import OpsCore

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// A command whose result can be printed as JSON.
protocol HasOutputFormat {
    var output: OutputOptions { get }
}

/// The one place that prints: data on standard output, everything else on standard error.
enum Output {
    /// Prints a result, as the text that `render` makes of it or as exactly one JSON document.
    static func write<Value: Encodable>(_ value: Value, as format: OutputFormat, render: (Value) -> String) throws {
        switch format {
        case .text: try print(render(value))
        case .json: try print(json(value))
        }
    }

    /// A reader that went away is no failure of the work that was done; a full disk is one of the output.
    private static func print(_ text: String) throws {
        var rest = Array((text + "\n").utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                if errno == EPIPE { return }
                throw OutputError(reason: String(cString: strerror(errno)))
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Prints why a command failed: text for people on standard error; the JSON document takes the result's place.
    static func write(_ report: ErrorReport, as format: OutputFormat) {
        switch format {
        case .text: write(report.text, to: .standardError)
        case .json: write((try? json(report)) ?? report.text, to: .standardOutput)
        }
    }

    /// A line about what is going on, on standard error.
    static func note(_ text: String, unless quiet: Bool = false) {
        if !quiet { write(text, to: .standardError) }
    }

    static func write(_ text: String, to handle: FileHandle) {
        // A reader that went away is no failure of the work that was done.
        try? handle.write(contentsOf: Data((text + "\n").utf8))
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// The result cannot be written to standard output.
struct OutputError: OperatorError {
    let reason: String

    var code: String { "OUTPUT_NOT_WRITTEN" }
    var message: String { "the work was done, but its result cannot be written to standard output: \(reason)" }
    var exitStatus: ExitStatus { .cannotWrite }
}
