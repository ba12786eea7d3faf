using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Docker.Formats;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.Containers;

/// <summary><c>docker ps</c> and <c>docker container ls</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/container/list.go and formatter/container.go.</remarks>
internal static class ContainerList
{
    private const string TableFormat = "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
    private const string RawFormat = "container_id: {{.ID}}\nimage: {{.Image}}\ncommand: {{.Command}}\ncreated_at: {{.CreatedAt}}\n"
        + "state: {{- pad .State 1 0}}\nstatus: {{- pad .Status 1 0}}\nnames: {{.Names}}\nlabels: {{- pad .Labels 1 0}}\nports: {{- pad .Ports 1 0}}\n";

    public static DockerCommand Build(string path) => new(path, ArgumentCount.None, Run) { Aliases = path == "ps" ? [] : ["ps", "list"] };

    private static int Run(Invocation call)
    {
        bool showsSize = call.Flags.Is("size");
        string given = call.Flags.Text("format");
        string format = given switch
        {
            "" or OutputFormat.Table when call.Flags.Is("quiet") => "{{.ID}}",
            "" or OutputFormat.Table => TableFormat + (showsSize ? "\t{{.Size}}" : ""),
            OutputFormat.Raw when call.Flags.Is("quiet") => "container_id: {{.ID}}",
            OutputFormat.Raw => RawFormat + (showsSize ? "size: {{.Size}}\n" : ""),
            _ => given,
        };
        // The client asks for sizes when the template does.
        bool measures = showsSize || given.Contains(".Size", StringComparison.Ordinal) || given.Contains("json .", StringComparison.Ordinal);
        int last = call.Flags.Is("latest") ? 1 : Math.Max(0, call.Flags.Number("last", 0));
        IReadOnlyList<Container> listed = ContainerQuery.List(call.Engine, new Filters(call.Flags.Texts("filter")), call.Flags.Is("all"), last);
        List<GoStruct> rows = [];
        foreach (Container container in listed)
        {
            long bytes = 0;
            if (measures)
                call.DemandDone("ps", "-s", call.Engine.MeasureContainer(container, out bytes));
            rows.Add(ContainerRows.Of(call.Host, container, !call.Flags.Is("no-trunc"), measures ? bytes : null, showsVirtual: true));
        }

        OutputFormat.Write(call.Output, format, ContainerRows.Headings, rows, "failed to execute template");
        return 0;
    }
}
