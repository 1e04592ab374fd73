using System.Text;
using Gateway.Identity;

namespace Gateway.Cli;

/// <summary>A file that is there whole or not at all, for its owner only (0600).</summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _file;
    private bool _published;

    /// <exception cref="IOException">The folder is not there, or may not be written.</exception>
    public AtomicFile(string path)
    {
        _path = Path.GetFullPath(path);
        _temporary = $"{_path}.{Environment.ProcessId}.new";
        _file = new FileStream(_temporary, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        Writer = new StreamWriter(_file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
    }

    public TextWriter Writer { get; }

    /// <summary>Its name until it is published.</summary>
    public string Temporary => _temporary;

    /// <summary>For bytes instead of text.</summary>
    public Stream Stream => _file;

    /// <summary>All is written: it takes its name.</summary>
    public void Publish()
    {
        Writer.Flush();
        DurableFile.Synchronize(_file);
        DurableFile.Publish(_temporary, _path);
        _published = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_published)
        {
            File.Delete(_temporary);
        }
    }
}
