using DnsClient;

namespace MailSuite.Mta.Routing;

/// <param name="Name">In lower case.</param>
internal readonly record struct DnsKey(string Name, QueryType Type);
