import Foundation
import Logging

/// Writes each log message as one line to standard error, as text or as JSON. Control characters never reach the line,
/// so a request cannot forge one.
public struct LineLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level = .info

    // By reference, because every request has a handler of its own.
    private let target: Target

    private final class Target: Sendable {
        let label: String
        let format: LogFormat
        let write: @Sendable (String) -> Void

        init(_ label: String, _ format: LogFormat, _ write: @escaping @Sendable (String) -> Void) {
            self.label = label
            self.format = format
            self.write = write
        }
    }

    /// - Parameter write: takes a whole line with its end; standard error unless given.
    public init(
        label: String, format: LogFormat,
        write: @escaping @Sendable (String) -> Void = { FileHandle.standardError.write(Data($0.utf8)) }
    ) {
        target = Target(label, format, write)
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set {
            // The server's own name for a request, which nobody else knows.
            if key != "hb.request.id" { metadata[key] = newValue }
        }
    }

    public func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let line =
            switch target.format {
            case .text: text(time, event, fields)
            case .json: json(time, event, fields)
            }
        target.write(line + "\n")
    }

    private func text(_ time: String, _ event: LogEvent, _ fields: Logger.Metadata) -> String {
        let pairs = fields.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.oneLine("\($0.value)"))" }
        return ([time, event.level.rawValue.uppercased(), Self.oneLine("\(event.message)")] + pairs)
            .joined(separator: " ")
    }

    private func json(_ time: String, _ event: LogEvent, _ fields: Logger.Metadata) -> String {
        var object = fields.mapValues { "\($0)" }
        object["time"] = time
        object["level"] = event.level.rawValue
        object["message"] = "\(event.message)"
        object["logger"] = target.label
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(object)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
