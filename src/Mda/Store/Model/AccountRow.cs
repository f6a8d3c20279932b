namespace MailSuite.Mda.Store.Model;

/// <summary>An account.</summary>
internal sealed class AccountRow
{
    public long Id { get; init; }

    /// <summary>The address in wire form, as it was given.</summary>
    public required string Address { get; init; }

    /// <summary>The address as it is compared; <see langword="null"/> once the account is being removed, so that the address is free.</summary>
    public string? AddressKey { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>A PHC string; <see langword="null"/> for an account that nobody can sign in to.</summary>
    public string? Password { get; init; }

    /// <summary>
    /// Its keys for SCRAM (RFC 5803); <see langword="null"/> until they are made at the next sign-in by password, empty when none can be
    /// made of this password.
    /// </summary>
    public string? Scram { get; init; }

    /// <summary>Whether it may look after the program.</summary>
    public bool IsAdministrator { get; init; }

    /// <summary>Octets of all its messages, each counted in every mailbox it lies in.</summary>
    public long Octets { get; init; }

    /// <summary>All its messages, counted likewise.</summary>
    public long Messages { get; init; }

    /// <summary>Octets that it may hold; <see langword="null"/> for what the configuration says, 0 for no limit.</summary>
    public long? QuotaOctets { get; init; }

    /// <summary>Messages that it may hold, likewise.</summary>
    public long? QuotaMessages { get; init; }

    /// <summary>Since when mail has been turned away because it is full; <see langword="null"/> when there is room.</summary>
    public long? OverQuotaSince { get; init; }

    /// <summary>Capabilities of IMAP that are not offered to its clients, separated by spaces.</summary>
    public string? HiddenCapabilities { get; init; }

    public long CreatedAt { get; init; }

    /// <summary>When its removal began; <see langword="null"/> for an account in use.</summary>
    public long? RemovedAt { get; init; }
}
