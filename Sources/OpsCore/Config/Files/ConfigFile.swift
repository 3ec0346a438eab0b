import Configuration
import Synchronization

/// The YAML file of settings: a flat mapping whose keys are the lower-cased names of the variables.
struct ConfigFile: Sendable {
    let snapshot: YAMLSnapshot
    /// Every key of the file; a nested key is joined with dots.
    let keys: Set<String>

    /// - Throws: ``SettingProblem``. It tells the line, but not what the YAML library says: that quotes the file.
    init(parsing text: String, file: String) throws(SettingProblem) {
        let recorder = KeyRecorder()
        // The library has no list of the keys of a file, but it asks about each whether it is a secret.
        let options = YAMLSnapshot.ParsingOptions(
            secretsSpecifier: .dynamic { key, _ in
                recorder.record(key)
                return true
            })
        do {
            // The library rejects a file without a document, which is only an empty set of settings.
            let document = Self.isEmpty(text) ? "{}" : text
            snapshot = try YAMLSnapshot(
                data: Array(document.utf8).span.bytes, providerName: file, parsingOptions: options)
        } catch {
            let place = Self.position(in: "\(error)").map { "\(file):\($0)" } ?? file
            throw SettingProblem(
                source: place, reason: "not a YAML mapping of settings",
                remedy: "write one `name: value` a line, each name once, such as `mysql_host: 127.0.0.1`")
        }
        keys = recorder.keys
    }

    /// One problem for each key that is no setting: a misspelt name must not be passed over.
    func unknownKeys(file: String) -> [SettingProblem] {
        keys.filter { $0 != $0.lowercased() || !SettingKey.names.contains($0.uppercased()) }.sorted().map { key in
            SettingProblem(
                variable: key, source: file, reason: "no such setting",
                remedy: "keys are the lower-cased names of the variables, such as mysql_host")
        }
    }

    private static func isEmpty(_ text: String) -> Bool {
        text.split(whereSeparator: \.isNewline).map { String($0).trimmed }.allSatisfy {
            $0.isEmpty || $0.hasPrefix("#") || $0 == "---"
        }
    }

    /// The `line:column` with which the library begins most of its messages.
    private static func position(in message: String) -> Substring? {
        message.prefixMatch(of: /\d+:\d+/)?.output
    }
}

/// Collects keys from the closure that the YAML library calls.
private final class KeyRecorder: Sendable {
    private let recorded = Mutex<Set<String>>([])

    var keys: Set<String> { recorded.withLock { $0 } }

    func record(_ key: String) {
        recorded.withLock { _ = $0.insert(key) }
    }
}
