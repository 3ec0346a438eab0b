import Foundation

/// Reads the small text files that settings come from.
enum SettingsFile {
    /// Nothing that holds settings is larger; a device or a log named by mistake is.
    static let maximumBytes = 1 << 20

    /// Why a file cannot be used; its content is never part of it.
    struct Failure: Error, Equatable {
        let reason: String
        let isMissing: Bool
    }

    /// The whole file. Reads through `fopen`, so that a pipe such as `/dev/fd/3` works too.
    /// - Throws: ``Failure``.
    static func text(at path: String) throws(Failure) -> String {
        guard let file = fopen(path, "re") else { throw systemFailure() }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: maximumBytes + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { throw systemFailure() }
        guard count <= maximumBytes else {
            throw Failure(reason: "the file is larger than \(maximumBytes) bytes", isMissing: false)
        }
        guard let text = String(validating: bytes[..<count], as: UTF8.self), !text.utf8.contains(0) else {
            throw Failure(reason: "the file is not UTF-8 text", isMissing: false)
        }
        return text
    }

    private static func systemFailure() -> Failure {
        let number = errno
        return Failure(reason: String(cString: strerror(number)).lowercased(), isMissing: number == ENOENT)
    }
}
