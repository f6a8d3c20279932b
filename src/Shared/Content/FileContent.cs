namespace MailSuite.Shared.Content;

/// <summary>A message in a file; valid while the file is there.</summary>
public sealed class FileContent(string path, long length) : IMessageContent
{
    private const int BufferOctets = 64 * 1024;

    public long Octets => length;

    public bool TryGetMemory(out ReadOnlyMemory<byte> octets)
    {
        octets = default;
        return false;
    }

    public Stream OpenRead() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferOctets, FileOptions.Asynchronous | FileOptions.SequentialScan);
}
