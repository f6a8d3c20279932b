using System.Net;

namespace MailSuite.Mta.Routing;

/// <summary>A host that takes mail for a destination.</summary>
/// <param name="Name">In A-labels, or an address literal with its brackets.</param>
/// <param name="Address">Given when the destination is an address literal: then nothing is looked up.</param>
internal sealed record MxHost(string Name, IPAddress? Address);
