// RUN: anamc-opt %s | anamc-opt | filecheck %s

// Names outside ASCII are printed escaped and read again as text, in attributes and in properties.
// CHECK-LABEL: graph.network @"r\C3\A9seau \22*/" attributes {meta = "\22\C3\A9\0A\22"} {
// CHECK-NEXT:    graph.source 1 symmetric true nodes [#graph.feature<"\E6\97\A5\0A", 1, -1>] edges [] {block_name = "\C3\A9"}
graph.network @"r\C3\A9seau \22*/" attributes {meta = "\22\C3\A9\0A\22"} {
  %u = graph.source 1 symmetric true nodes [#graph.feature<"\E6\97\A5\0A", 1, -1>] edges [] {block_name = "\C3\A9"} : !graph.field<nodes, 1>
}
