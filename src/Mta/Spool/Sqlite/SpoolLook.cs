using MailSuite.Shared.Contracts.Mta;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>A look at the spool of a program that does not run.</summary>
internal static class SpoolLook
{
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    /// <exception cref="UnauthorizedAccessException">It is not this user's to see.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<QueuedMail> At(string dataDirectory)
    {
        // Asked of the directory, since a file that may not be seen looks like one that is not there.
        if (!Directory.Exists(dataDirectory) || !Directory.EnumerateFiles(dataDirectory, SpoolStore.DatabaseName).Any())
            return [];

        using (File.OpenRead(Path.Combine(dataDirectory, SpoolStore.DatabaseName)))
        {
            // Says by its exception that this user may not, which SQLite does not tell apart.
        }

        var database = new SpoolDatabase(Path.Combine(dataDirectory, SpoolStore.DatabaseName), BusyTimeout, readOnly: true);
        try
        {
            var listing = new QueueListing(database, new BodyFiles(Path.Combine(dataDirectory, SpoolStore.FolderName)), TimeProvider.System);
            var queue = new List<QueuedMail>();
            string? cursor = null;
            do
            {
                var page = listing.List(QueueFilter.Everything, new QueuePageRequest(QueuePageRequest.MaxLimit, cursor) { MaxRecipients = int.MaxValue });
                queue.AddRange(page.Messages);
                cursor = page.Next;
            }
            while (cursor is not null);
            return queue;
        }
        catch (SqliteException e)
        {
            throw new IOException($"{database.Path}: {e.Message}", e);
        }
        finally
        {
            database.ClosePool();
        }
    }
}
