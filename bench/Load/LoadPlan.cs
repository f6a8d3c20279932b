using System.Net;

namespace MailSuite.Bench.Load;

/// <summary>What is sent to whom, how often, and in which way.</summary>
/// <param name="Sessions">Connections at once.</param>
/// <param name="Messages">Messages in all.</param>
/// <param name="PerConnection">Messages of a connection before QUIT.</param>
/// <param name="Octets">Size of a message.</param>
/// <param name="Users">Recipients in turn: user1, user2, … at the domain.</param>
/// <param name="Pipelining">MAIL, RCPT and DATA in one write (RFC 2920), where a round trip each is the slow way.</param>
/// <param name="Limit">After this the run ends, whatever is left.</param>
internal sealed record LoadPlan(IPEndPoint Server, int Sessions, int Messages, int PerConnection, int Octets, int Users, string Domain, bool Pipelining, TimeSpan Limit);
