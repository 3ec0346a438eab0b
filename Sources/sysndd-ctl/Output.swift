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

    /// Writes data that is too much to be held as one result. A reader that went away is an error here: it did not get
    /// everything.
    static let data: @Sendable (UnsafeRawBufferPointer) throws -> Void = { bytes in
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(STDOUT_FILENO, bytes.baseAddress! + done, bytes.count - done)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw OutputError(number: errno) }
            done += count
        }
    }

    /// A reader that went away is no failure of the work that was done; a full disk is one of the output.
    private static func print(_ text: String) throws {
        do {
            try Array((text + "\n").utf8).withUnsafeBytes(data)
        } catch let error as OutputError where error.number == EPIPE {
            return
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
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// The result cannot be written to standard output.
struct OutputError: OperatorError {
    /// Of the system call that failed.
    let number: Int32

    var code: String { "OUTPUT_NOT_WRITTEN" }
    var message: String {
        "the result cannot be written to standard output: \(String(cString: strerror(number)).lowercased())"
    }
    var exitStatus: ExitStatus { .cannotWrite }
}
