using MailSuite.Mda.Search;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Mda.Store;

/// <summary>A message on its way into the store.</summary>
/// <param name="Id">The hand-over that brings it; <see langword="null"/> for one that is not repeated.</param>
/// <param name="Prefix">The Return-Path line with its CRLF; empty for none.</param>
/// <param name="File">The name of its body file, written and synced; <see langword="null"/> when the octets go into the database.</param>
internal sealed record NewMessage(
    DeliveryId? Id, JourneyId? Journey, ReadOnlyMemory<byte> Prefix, IMessageContent Content, string? File, DerivedFacts Facts, MessageFlags Flags, DateTimeOffset InternalDate)
{
    internal long Octets => Prefix.Length + Content.Octets;

    internal IReadOnlyList<string> Keywords { get; init; } = [];

    internal ThreadKeys Threading { get; init; } = ThreadKeys.None;
}

/// <summary>Which mailbox of which account a message goes into.</summary>
internal readonly record struct FilingTarget(AccountId Account, MailboxId Mailbox);

/// <summary>How filing into one mailbox ended.</summary>
internal enum FilingResult
{
    Filed,

    /// <summary>By an earlier call with the same delivery id.</summary>
    FiledBefore,

    /// <summary>The mailbox or its account is no more.</summary>
    Gone,

    OverQuota,
}

/// <param name="FullSince">Of an account that is over its quota: since when it has turned mail away.</param>
internal readonly record struct Filing(FilingTarget Target, FilingResult Result, UidValidity UidValidity, Uid Uid, DateTimeOffset? FullSince = null);
