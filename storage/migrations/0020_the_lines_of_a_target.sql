-- Which of the lines of a target counts today is found in the index alone, for every target of a country.

DROP INDEX duty_lines_by_target;
CREATE INDEX duty_lines_by_target ON duty_lines (target_id, duty_id);
