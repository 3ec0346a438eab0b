import Foundation

/// The data folder of a server on this machine.
enum ServerFolder {
    /// - Throws: ``CheckSkipped`` when the server's files are not on this machine, or in another container.
    static func path(_ context: PreflightContext) async throws -> String {
        guard context.monitor.isLocal else { throw CheckSkipped("the server is on another machine") }
        let folder = try await context.monitor.variables()["datadir"] ?? ""
        var information = stat()
        guard !folder.isEmpty, stat(folder, &information) == 0 else {
            throw CheckSkipped("the server's data folder \(folder) is not seen from here")
        }
        return folder
    }
}
