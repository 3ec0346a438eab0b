import Foundation

/// A folder of a test's own, removed when the test ends.
public enum TestFolder {
    /// Makes an empty folder and hands over its path.
    public static func with<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        // Not the name of a throw-away server's: one that nobody owns is removed by whoever starts another.
        let folder = FileManager.default.temporaryDirectory.appending(path: "sysndd-work-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder.path)
    }

    /// The same with files in it, by name.
    public static func with<Value>(
        files: [String: String], _ body: (String) async throws -> Value
    ) async throws -> Value {
        try await with { folder in
            for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: folder + "/" + name)) }
            return try await body(folder)
        }
    }
}
