using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace StorageLab.Reports.Comparison;

/// <summary>Two runs step by step as <c>compare.csv</c>: for every metric the first's value and the second's.</summary>
public static class ComparisonCsv
{
    public static void Write(RunComparison comparison, Stream stream)
    {
        using StreamWriter text = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        using CsvWriter csv = new(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        csv.WriteField("step");
        csv.WriteField("what");
        foreach (ComparedMetric metric in ComparedMetric.All)
        {
            csv.WriteField("a_" + metric.Name);
            csv.WriteField("b_" + metric.Name);
        }

        csv.NextRecord();
        for (var step = 0; step < comparison.StepCount; step++)
        {
            csv.WriteField(step);
            csv.WriteField(CsvText.Escape(comparison.Left.Steps[step]));
            for (var metric = 0; metric < ComparedMetric.All.Length; metric++)
            {
                csv.WriteField(comparison.Left[metric][step]);
                csv.WriteField(comparison.Right[metric][step]);
            }

            csv.NextRecord();
        }
    }
}
