using System.Globalization;
using System.Net;

namespace MailSuite.Mta.Routing;

/// <summary>A host that takes mail for a destination.</summary>
/// <param name="Name">In A-labels, or an address literal with its brackets.</param>
/// <param name="Address">Given when the destination is an address literal: then nothing is looked up.</param>
internal sealed record MxHost(string Name, IPAddress? Address)
{
    /// <summary>Where the settings or a person name it; <see langword="null"/> for that of the transport.</summary>
    public int? Port { get; init; }

    /// <summary>As people write it.</summary>
    public override string ToString() => Port is { } port ? $"{Name}:{port.ToString(CultureInfo.InvariantCulture)}" : Name;
}
