"""Reports as files: a Word report, a workbook, the plan's own appendix filled in, pictures. All from one `Report`."""
