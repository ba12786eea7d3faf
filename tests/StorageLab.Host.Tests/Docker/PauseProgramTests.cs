using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using StorageLab.Host.Docker;
using Xunit;

namespace StorageLab.Host.Tests.Docker;

[SupportedOSPlatform("linux")]
public sealed class PauseProgramTests
{
    [Fact]
    public void The_program_waits_until_it_is_killed_even_with_noise_behind_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "the program is for Linux on x86-64");
        string path = Path.Combine(Directory.CreateTempSubdirectory("storagelab-host-").FullName, "pause");
        using (FileStream file = File.Create(path))
        using (ContentStream content = new("bin/sh", 100_000, isProgram: true))
            content.CopyTo(file);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using Process process = Process.Start(path)!;
        try
        {
            Assert.False(process.WaitForExit(TimeSpan.FromMilliseconds(200)));
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }
}
