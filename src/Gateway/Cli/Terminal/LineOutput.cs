using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Cli;

/// <summary>Lines that go on until nobody reads them. The console of .NET ignores that a pipe was closed: <c>| head</c> would never end.</summary>
internal sealed class LineOutput : IDisposable
{
    private const int StandardOutput = 1;

    private readonly TextWriter _writer;
    private readonly bool _isOwn;

    /// <param name="output">The command's.</param>
    public LineOutput(TextWriter output)
    {
        _writer = output;
        if (!ReferenceEquals(output, Console.Out) || !Console.IsOutputRedirected)
        {
            return;
        }

        // A file is written to by the console: a FileStream keeps a place of its own in it, and would write over what others write there meanwhile (> log 2>&1).
        var stream = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        _isOwn = !stream.CanSeek;
        if (_isOwn)
        {
            _writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\n" };
        }
        else
        {
            stream.Dispose();
        }
    }

    /// <exception cref="OutputClosedException">Nobody reads any more.</exception>
    public void Write(IEnumerable<string> lines)
    {
        try
        {
            foreach (var line in lines)
            {
                _writer.WriteLine(line);
            }

            _writer.Flush();
        }
        catch (IOException e)
        {
            throw new OutputClosedException(e);
        }
    }

    public void Dispose()
    {
        if (!_isOwn)
        {
            return;
        }

        try
        {
            _writer.Dispose();
        }
        catch (IOException)
        {
            // What it still held, nobody reads.
        }
    }
}

/// <summary>Whoever read the output is gone.</summary>
internal sealed class OutputClosedException(Exception inner) : Exception("the output was closed", inner);
