using System.Security.Cryptography;
using MailSuite.Host.Running;

namespace MailSuite.Host.Tls;

/// <summary>A certificate's two files, and what was last read from them. Not thread-safe.</summary>
/// <param name="files">Says where they are; for a certificate of our own making it makes them where they are missing or too old.</param>
internal sealed class CertificateSource(Func<(string CertificateFile, string KeyFile)> files)
{
    private (Stamp Certificate, Stamp Key) _read;

    /// <summary>The last good certificate.</summary>
    public ServedCertificate Served { get; private set; } = null!;

    public string CertificateFile { get; private set; } = "";

    /// <summary>Reads the files for the first time.</summary>
    /// <exception cref="StartException">They cannot be used.</exception>
    public CertificateSource Load() =>
        Refresh(out var problem) ? this : throw new StartException($"The certificate {CertificateFile} cannot be used: {problem}");

    /// <summary>Reads the files again if they have changed. What cannot be used leaves <see cref="Served"/> as it is.</summary>
    /// <param name="problem">Why changed files cannot be used; <see langword="null"/> when nothing is wrong.</param>
    /// <returns>Whether there is a new certificate.</returns>
    public bool Refresh(out string? problem)
    {
        problem = null;
        try
        {
            (CertificateFile, var keyFile) = files();
            // Looked at before the files are read: what is written in between is noticed the next time.
            var written = (Stamp.Of(CertificateFile), Stamp.Of(keyFile));
            if (written == _read)
                return false;

            _read = written;
            if (CertificateFiles.TryLoad(CertificateFile, keyFile, out problem) is not { } context)
                return false;
            Served = new ServedCertificate(context);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            problem = e.Message;
            return false;
        }
    }

    /// <summary>What tells that a file is another one: links that are moved, as certbot moves them, lead to another file.</summary>
    private readonly record struct Stamp(string Target, DateTime Written)
    {
        public static Stamp Of(string file)
        {
            var target = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
            return new Stamp(target, File.GetLastWriteTimeUtc(target));
        }
    }
}
