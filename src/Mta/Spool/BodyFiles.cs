using MailSuite.Shared.Content;
using MailSuite.Shared.Disk;

namespace MailSuite.Mta.Spool;

/// <summary>The folder of bodies that are too large for the database, one file a message, named by its queue id.</summary>
internal sealed class BodyFiles(string directory)
{
    private const int CopyOctets = 128 * 1024;

    private volatile bool _isNamed;

    /// <summary>Writes a body. When the task is done the file and its name are on disk, synced.</summary>
    /// <returns>The file's name in the folder.</returns>
    /// <exception cref="IOException">It could not be written; nothing is left of it.</exception>
    public async Task<string> WriteAsync(QueueId id, IMessageContent content, CancellationToken cancellationToken)
    {
        if (!_isNamed || !Directory.Exists(directory))
        {
            // The folder's own name must be on disk too, whichever run of the program made it.
            Directory.CreateDirectory(directory);
            DirectorySync.Sync(Path.GetDirectoryName(Path.GetFullPath(directory))!);
            _isNamed = true;
        }

        var name = id.Value;
        // A file of that name is another message's, or a mistake; in no case is it ours to overwrite or to delete.
        var file = new FileStream(PathOf(name), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
        try
        {
            await using (file)
            await using (var source = content.OpenRead())
            {
                await source.CopyToAsync(file, CopyOctets, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            DirectorySync.Sync(directory);
            return name;
        }
        catch
        {
            Delete(name);
            throw;
        }
    }

    public FileContent Open(string name, long octets) => new(PathOf(name), octets);

    /// <summary>Deletes a body that no row speaks of any more; what cannot be deleted now is swept at the next start.</summary>
    public void Delete(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A reader on Windows may hold it open.
        }
    }

    /// <summary>Deletes every file but those named, which a crash left between body and row.</summary>
    /// <returns>How many there were.</returns>
    public int Sweep(IReadOnlySet<string> known)
    {
        if (!Directory.Exists(directory))
            return 0;

        var swept = 0;
        foreach (var path in Directory.EnumerateFiles(directory))
        {
            var name = Path.GetFileName(path);
            if (!QueueId.TryParse(name, out _) || known.Contains(name))
                continue;
            Delete(name);
            swept++;
        }

        return swept;
    }

    private string PathOf(string name) => Path.Combine(directory, name);
}
