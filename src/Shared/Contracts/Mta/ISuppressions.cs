using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Contracts.Mta;

/// <summary>The addresses of other hosts to which nothing is sent any more, because they do not exist (<see cref="RelayOptions.Suppression"/>). Mta implements it.</summary>
/// <remarks>Every change is on disk when it is answered.</remarks>
public interface ISuppressions
{
    /// <summary>In the order of addresses.</summary>
    /// <param name="text">Part of the address; <see langword="null"/> for all.</param>
    /// <param name="after">The last address of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="limit">1 to <see cref="QueuePageRequest.MaxLimit"/>.</param>
    ValueTask<IReadOnlyList<Suppression>> ListAsync(string? text, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Puts an address on the list; one that is on it is kept as it is now said.</summary>
    /// <param name="reason">A sentence for people, 200 characters at most.</param>
    ValueTask AddAsync(EnvelopeAddress address, string reason, CancellationToken cancellationToken);

    /// <returns>Whether it was on the list.</returns>
    ValueTask<bool> RemoveAsync(EnvelopeAddress address, CancellationToken cancellationToken);

    /// <returns>How many there were.</returns>
    ValueTask<long> ClearAsync(CancellationToken cancellationToken);
}

/// <param name="Until">When it is forgotten; <see langword="null"/> for what a person has added.</param>
/// <param name="Status">The enhanced status code of the refusal; <see langword="null"/> for what a person has added.</param>
/// <param name="Reason">A sentence for people.</param>
/// <param name="QueueId">The message that was refused.</param>
/// <param name="Journey">Its journey.</param>
/// <param name="IsManual">Whether a person has added it.</param>
public sealed record Suppression(
    string Address, DateTimeOffset Since, DateTimeOffset? Until, string? Status, string Reason, string? RemoteHost, string? RemoteReply, string? QueueId, string? Journey, bool IsManual);
