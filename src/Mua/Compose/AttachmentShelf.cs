using System.Text.Json;
using MailSuite.Mua.Reading;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Mua.Compose;

/// <summary>Keeps the files that were uploaded for a draft until it is sent, so that a refused address does not cost the upload.</summary>
/// <remarks>They lie under <c>compose/</c> of the data directory, by account and draft, and are removed with the draft or after two days.</remarks>
internal sealed class AttachmentShelf(MuaOptions options, TimeProvider clock)
{
    private readonly string _root = Path.Combine(options.DataDirectory, "compose");
    private DateTimeOffset _nextSweep;

    /// <summary>A file on the shelf.</summary>
    /// <param name="Id">Names it on the form.</param>
    internal sealed record Item(Guid Id, string Name, string ContentType, long Octets);

    /// <summary>Stores a file; it is complete when the task is done, or not there at all.</summary>
    internal async Task<Item> AddAsync(AccountId account, DeliveryId draft, string name, string contentType, Stream octets, CancellationToken cancellationToken)
    {
        Sweep();
        var folder = Directory.CreateDirectory(FolderOf(account, draft)).FullName;
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var path = Path.Combine(folder, $"{id:N}.data");
        long length;
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024, FileOptions.Asynchronous))
        {
            await octets.CopyToAsync(file, cancellationToken);
            length = file.Length;
        }

        var item = new Item(id, AttachmentName.Clean(name) ?? "attachment", contentType, length);
        // Without this second file the first is no item: an upload that broke off is never sent.
        await File.WriteAllBytesAsync(Path.ChangeExtension(path, ".json"), JsonSerializer.SerializeToUtf8Bytes(item), cancellationToken);
        return item;
    }

    /// <summary>In the order in which they came.</summary>
    internal async Task<IReadOnlyList<Item>> ListAsync(AccountId account, DeliveryId draft, CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(FolderOf(account, draft));
        if (!folder.Exists)
            return [];

        var items = new List<Item>();
        foreach (var file in folder.EnumerateFiles("*.json").OrderBy(f => f.Name, StringComparer.Ordinal).Take(ComposeLimits.MaxAttachments + 1))
        {
            if (JsonSerializer.Deserialize<Item>(await File.ReadAllBytesAsync(file.FullName, cancellationToken)) is { } item)
                items.Add(item);
        }

        return items;
    }

    internal DraftFile Open(AccountId account, DeliveryId draft, Item item)
    {
        var path = Path.Combine(FolderOf(account, draft), $"{item.Id:N}.data");
        return new DraftFile(item.Name, item.ContentType, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan));
    }

    internal void Remove(AccountId account, DeliveryId draft, Guid item)
    {
        var path = Path.Combine(FolderOf(account, draft), $"{item:N}.json");
        File.Delete(path);
        File.Delete(Path.ChangeExtension(path, ".data"));
    }

    /// <summary>Removes all files of a draft.</summary>
    internal void Clear(AccountId account, DeliveryId draft)
    {
        var folder = FolderOf(account, draft);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private string FolderOf(AccountId account, DeliveryId draft) => Path.Combine(_root, account.ToString(), draft.ToString());

    /// <summary>Once an hour of use, what nobody sent any more.</summary>
    private void Sweep()
    {
        var now = clock.GetUtcNow();
        if (now < _nextSweep || !Directory.Exists(_root))
            return;

        _nextSweep = now + TimeSpan.FromHours(1);
        try
        {
            foreach (var folder in new DirectoryInfo(_root).EnumerateDirectories().SelectMany(a => a.EnumerateDirectories()))
            {
                if (folder.LastWriteTimeUtc < now.UtcDateTime - ComposeLimits.ShelfLife)
                    folder.Delete(recursive: true);
            }

            foreach (var file in new DirectoryInfo(_root).EnumerateFiles("*.eml"))
            {
                if (file.LastWriteTimeUtc < now.UtcDateTime - ComposeLimits.ShelfLife)
                    file.Delete();
            }
        }
        catch (IOException)
        {
            // Somebody else removes the same; the next hour looks again.
        }
    }
}
