using System.Data.Common;
using MailSuite.Shared.Contracts;

namespace MailSuite.Mta.Spool;

/// <summary>Whether the spool can be read.</summary>
internal sealed class SpoolReadiness(SpoolStore spool, TimeProvider clock) : IReadiness
{
    public string Name => "mta spool";

    public ValueTask<string?> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            spool.Reader.NextDue(clock.GetUtcNow());
            return ValueTask.FromResult<string?>(null);
        }
        catch (DbException e)
        {
            return ValueTask.FromResult<string?>($"The spool cannot be read: {e.Message}");
        }
    }
}
