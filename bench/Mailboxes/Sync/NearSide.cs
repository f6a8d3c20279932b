using System.Globalization;
using System.Text;
using MailSuite.Bench.Mailboxes.Model;

namespace MailSuite.Bench.Mailboxes.Sync;

/// <summary>A Maildir, as another program on this machine changes it.</summary>
internal sealed class NearSide
{
    private readonly string _directory;
    private int _files;

    public NearSide(string directory)
    {
        _directory = directory;
        foreach (var folder in new[] { "cur", "new", "tmp" })
            Directory.CreateDirectory(Path.Combine(directory, folder));
    }

    public void Add(IEnumerable<string> identities)
    {
        foreach (var identity in identities)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"1700000000.{identity}_{++_files}.near");
            var written = Path.Combine(_directory, "tmp", name);
            File.WriteAllBytes(written, Encoding.Latin1.GetBytes(MessageText.Make(identity).ReplaceLineEndings("\n")));
            File.Move(written, Path.Combine(_directory, "new", name));
        }
    }

    /// <summary>Gives the messages other flags, or takes them away.</summary>
    /// <param name="change">The new letters; <see langword="null"/> to delete it; the same to leave it.</param>
    public void Change(Func<Mail, string?> change)
    {
        foreach (var file in Files())
        {
            var mail = Read(file);
            var flags = change(mail);
            if (flags is null)
                File.Delete(file);
            else if (flags != mail.Flags)
                File.Move(file, Path.Combine(_directory, "cur", $"{Path.GetFileName(file).Split(':')[0]}:2,{flags}"));
        }
    }

    public List<Mail> ReadAll() => [.. Files().Select(Read)];

    private List<string> Files() => [.. Directory.EnumerateFiles(Path.Combine(_directory, "cur")).Concat(Directory.EnumerateFiles(Path.Combine(_directory, "new")))];

    private static Mail Read(string file)
    {
        var name = Path.GetFileName(file);
        var at = name.IndexOf(":2,", StringComparison.Ordinal);
        return Mail.Of(at < 0 ? "" : name[(at + 3)..], Encoding.Latin1.GetString(File.ReadAllBytes(file)));
    }
}
