using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store;

/// <summary>Whether the store takes mail.</summary>
internal sealed class StoreReadiness(MailStore store, MdaOptions options) : IReadiness
{
    public string Name => "mda store";

    public async ValueTask<string?> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!store.OpenAsync().IsCompleted)
                return $"{store.DatabasePath} is still being opened.";
            await store.OpenAsync();
        }
        catch (Exception exception) when (exception is StoreSchemaException or StoreFault or IOException)
        {
            return exception.Message;
        }

        if (store.FreeSpace.Octets is { } free && free < options.MinFreeOctets)
            return $"Only {free} octets are free on the disk of {store.DatabasePath}; {options.MinFreeOctets} are asked for.";
        return store.LastFault is { } fault ? $"{store.DatabasePath}: {fault.Message}" : null;
    }
}
