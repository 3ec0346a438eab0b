extension Sequence<String> {
    /// Whether one of the names has these bytes. A server tells names apart that Swift holds for equal, such as those with an é
    /// in one character or in two.
    func containsExactly(_ name: String) -> Bool { contains { $0.utf8.elementsEqual(name.utf8) } }
}
