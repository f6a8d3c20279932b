using System.Net;
using MailSuite.Mta.Smtp.Grammar;

namespace MailSuite.Mta.Smtp;

/// <summary>The other side of a session.</summary>
/// <param name="Address">Where it connects from; <see langword="null"/> where the transport has no IP address.</param>
/// <param name="Name">What it called itself in EHLO or HELO; <see langword="null"/> before.</param>
/// <param name="IsExtended">Whether it said EHLO.</param>
internal sealed record SmtpClient(IPAddress? Address, string? Name, bool IsExtended)
{
    /// <summary>What XCLIENT told of it.</summary>
    public ClientAttributes Told { get; private init; } = ClientAttributes.None;

    /// <summary>From whom it had the message that comes next, as XFORWARD told.</summary>
    public ClientAttributes? Origin { get; init; }

    /// <summary>Whether XCLIENT told that its address is not known: it is a stranger then, and none of this machine.</summary>
    public bool HidesItsAddress => Told.Address is { IsTold: true, HasValue: false };

    public bool IsIn(IReadOnlyList<IPNetwork> networks)
    {
        for (var i = 0; i < networks.Count; i++)
        {
            if (Address is not null && networks[i].Contains(Address))
                return true;
        }

        return false;
    }

    /// <summary>As it is after EHLO or HELO; what XCLIENT told of these is not overridden by what the server in front says of itself.</summary>
    public SmtpClient Greeted(string name, bool extended) => this with { Name = Told.Helo.Value ?? name, IsExtended = Told.IsExtended.HasValue ? Told.IsExtended.Value : extended };

    /// <summary>As it was before it greeted.</summary>
    public SmtpClient Ungreeted() => this with { Name = null, IsExtended = false };

    /// <summary>The client that XCLIENT tells of, by all that it has told so far.</summary>
    public SmtpClient ToldBy(ClientAttributes told)
    {
        var address = told.Address.Or(Address);
        return new SmtpClient(address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address, Name: null, IsExtended: false) { Told = told.WithoutLogin };
    }

    public override string ToString()
    {
        var text = $"{Name ?? "unknown"} [{Address?.ToString() ?? "local"}]";
        if (Origin is null)
            return text;

        var origin = $"{Origin.Helo.Value ?? Origin.Name.Value ?? "unknown"} [{Origin.Address.Value?.ToString() ?? (Origin.IsLocal.Value ? "local" : "unknown")}]";
        return Origin.Identity.Value is { } identity ? $"{text} for {origin}, {identity} there" : $"{text} for {origin}";
    }
}
