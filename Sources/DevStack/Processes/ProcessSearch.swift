import FoundationEssentials
import Glibc

/// Finds processes by what they were started with.
public enum ProcessSearch {
    /// The running processes whose argument list holds exactly `argument`, the asking process excepted.
    ///
    /// With an argument that names a file of one stack, this finds a process that was started for the stack although
    /// its starter was killed before it could record it.
    public static func processes(withArgument argument: String) -> [ProcessIdentity] {
        let wanted = Array(argument.utf8)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { $0 != getpid() }.compactMap { pid in
            // Identified first: if another process gets the number meanwhile, it is not the one that is returned.
            guard let identity = ProcessIdentity(pid: pid), let text = try? PrivateFile.read("/proc/\(pid)/cmdline"),
                text.utf8.split(separator: 0).contains(where: { $0.elementsEqual(wanted) })
            else { return nil }
            return identity
        }
    }
}
