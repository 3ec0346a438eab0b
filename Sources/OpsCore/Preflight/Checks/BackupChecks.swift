import Foundation

/// What is asked of the backup folder.
enum BackupChecks {
    static let all: [Check] = [
        Check(Age.self), Check(Checksums.self, deadline: .seconds(600)), Check(Trailer.self), Check(Proof.self),
        Check(Size.self), Check(Space.self), Check(Permissions.self), Check(OtherDisk.self), Check(Retention.self),
    ]
}
