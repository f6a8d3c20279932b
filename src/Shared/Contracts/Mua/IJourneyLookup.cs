using MailSuite.Shared.Addressing;
using MailSuite.Shared.Journey;

namespace MailSuite.Shared.Contracts.Mua;

/// <summary>Finds the journey of a message by the names that others know it by. Mua owns the store.</summary>
public interface IJourneyLookup
{
    /// <param name="names">Queue ids of ours and Message-IDs without angle brackets, the surest first; the first 10 are looked for.</param>
    /// <param name="sender">The reverse-path of the message: one of the same name by somebody else is not it.</param>
    /// <returns>The oldest journey that fits the first name that any fits; <see langword="null"/> when nothing of it is kept, or it cannot be found out now.</returns>
    ValueTask<JourneyId?> FindAsync(IReadOnlyList<string> names, EnvelopeAddress sender, CancellationToken cancellationToken);
}
