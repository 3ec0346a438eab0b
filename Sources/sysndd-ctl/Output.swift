import ArgumentParser
import Foundation
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
        case .text: write(render(value), to: .standardOutput)
        case .json: write(try json(value), to: .standardOutput)
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
